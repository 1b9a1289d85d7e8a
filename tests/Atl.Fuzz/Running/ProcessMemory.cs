using System.Globalization;

namespace Atl.Fuzz.Running;

/// <summary>What the system says of a process's memory and time.</summary>
internal static class ProcessMemory
{
    private const string Forget = "/proc/self/clear_refs";

    /// <summary>Starts the peak of this process anew.</summary>
    public static void ForgetPeak()
    {
        if (File.Exists(Forget)) File.WriteAllText(Forget, "5");
    }

    /// <summary>The most memory that this process has held since, in bytes.</summary>
    public static long Peak() => Kilobytes("/proc/self/status", "VmHWM:") * 1024;

    /// <summary>What a process holds now, in bytes; 0 where it is gone.</summary>
    public static long Resident(int process) => Kilobytes($"/proc/{process}/status", "VmRSS:") * 1024;

    private static long Kilobytes(string file, string label)
    {
        try
        {
            string? line = File.ReadLines(file)
                .FirstOrDefault(text => text.StartsWith(label, StringComparison.Ordinal));
            return line is null ? 0
                : long.Parse(line[label.Length..^2], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
