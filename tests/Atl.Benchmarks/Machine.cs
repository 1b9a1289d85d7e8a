using System.Globalization;
using System.Runtime.InteropServices;
using Atl.Devices;
using Atl.Devices.Cpu;

namespace Atl.Benchmarks;

/// <summary>What the results were measured on.</summary>
internal static class Machine
{
    /// <summary>Processor, threads and system in one line.</summary>
    public static string Description =>
        string.Create(CultureInfo.InvariantCulture,
            $"{Processor()}, {CpuDevice.Threads} threads, {RuntimeInformation.OSDescription}, .NET "
                + $"{Environment.Version}");

    /// <summary>The most memory that the process has held, in millions of bytes.</summary>
    public static double PeakMemory()
    {
        using System.Diagnostics.Process self = System.Diagnostics.Process.GetCurrentProcess();
        return self.PeakWorkingSet64 / 1e6;
    }

    /// <summary>Gives back what earlier benchmarks held and, where the system can, starts the peak anew.</summary>
    public static void ForgetPeak()
    {
        Device.Cpu.Trim();
        GC.Collect();
        const string Forget = "/proc/self/clear_refs", ThePeak = "5";
        if (File.Exists(Forget)) File.WriteAllText(Forget, ThePeak);
    }

    private static string Processor()
    {
        const string Information = "/proc/cpuinfo";
        string? line = File.Exists(Information) ? File.ReadLines(Information)
            .FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
