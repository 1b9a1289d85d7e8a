using System.Runtime.InteropServices;
using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Devices;
using Atl.Devices.Cuda;
using Microsoft.Extensions.Logging;

namespace Atl.Cli.Commands;

/// <summary>device_query: what the net can run on.</summary>
internal sealed class DeviceQueryCommand : Command
{
    public override string Name => "device_query";

    public override string Summary => "show the available devices";

    public override IReadOnlyList<Flag> Flags =>
        [GpuOptions.Gpu with { Help = "indices of the GPUs to show", Value = "0,1|all" }];

    public override IReadOnlyList<(string What, string Line)> Examples => [("this machine", "atl device_query")];

    public override void Run(FlagValues flags, GlogLogger log)
    {
        string[] wanted = flags.Parts("gpu");
        if (wanted.Length > 0)
        {
            foreach (int number in GpuOptions.Numbers(wanted)) ShowGpu(number, log);
            return;
        }
        Device cpu = Device.Cpu;
        Layout layout = cpu.PreferredLayout(new Shape(1, 64, 16, 16));
        log.Info($"Device:                        {cpu.Name}");
        log.Info($"Processor:                     {ProcessorName()} ({RuntimeInformation.ProcessArchitecture})");
        log.Info($"Logical processors:            {Environment.ProcessorCount}");
        log.Info($"Total memory:                  {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes}");
        log.Info($"Preferred layout:              {layout}");
        try
        {
            log.Info($"GPUs:                          {CudaDevice.Count}");
        }
        catch (DeviceException e)
        {
            log.Info($"GPUs:                          none ({e.Message})");
        }
    }

    private static void ShowGpu(int number, ILogger log)
    {
        foreach ((string label, string value) in CudaDeviceInfo.Read(number))
            log.Info($"{label + ":",-31}{value}");
    }

    private static string ProcessorName()
    {
        const string Linux = "/proc/cpuinfo";
        if (!File.Exists(Linux)) return "unknown processor";
        string? line = File.ReadLines(Linux)
            .FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal));
        return line is null ? "unknown processor" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
