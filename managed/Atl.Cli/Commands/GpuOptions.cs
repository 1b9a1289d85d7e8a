using System.Globalization;
using Atl.Cli.CommandLine;
using Atl.Devices;
using Atl.Devices.Cuda;
using Atl.Proto;
using Atl.Solvers;
using Microsoft.Extensions.Logging;

namespace Atl.Cli.Commands;

/// <summary>The flags that select a command's device.</summary>
internal static class GpuOptions
{
    public static readonly Flag Gpu = new("gpu", FlagKind.Text, "index of the GPU to use; the first of several",
        "0,1|all")
    { MayBeEmpty = true };
    public static readonly Flag Memory = new("gpu_memory", FlagKind.Integer,
        "GPU memory limit (MiB)", "N");

    private const int BytesOfMiB = 1 << 20;

    /// <summary>The device that <c>-gpu</c> asks for; the CPU where it is not given.</summary>
    /// <exception cref="DeviceException">There is no such GPU.</exception>
    public static Device Device(FlagValues flags, ILogger log)
    {
        string[] wanted = flags.Parts("gpu");
        if (wanted.Length == 0 && flags.IsGiven("gpu_memory"))
            throw new UsageException("flag '-gpu_memory' is given, expected -gpu too");
        return Device(wanted, log, Limit(flags));
    }

    /// <summary>The first of the GPUs that are asked for; the CPU where none is.</summary>
    /// <exception cref="DeviceException">There is no such GPU.</exception>
    public static Device Device(string[] wanted, ILogger log, long limit = long.MaxValue)
    {
        if (wanted.Length == 0) return UseCpu(log);
        CudaDevice gpu = CudaDevice.Get(Numbers(wanted)[0], log);
        gpu.MemoryLimit = limit;
        log.Info($"Use GPU with device ID {gpu.Ordinal}");
        log.Info($"GPU device name: {gpu.Model}");
        return gpu;
    }

    /// <summary>The device that training runs on: the one that <c>-gpu</c> asks for or, where it is not given, the
    /// solver's file.</summary>
    /// <exception cref="AtlException">There is no such GPU, or several are asked for.</exception>
    public static Device TrainingDevice(FlagValues flags, SolverParameter solver, ILogger log)
    {
        long limit = Limit(flags);
        string[] wanted = flags.Parts("gpu");
        if ((wanted.Length == 0 ? SolverDevice.Of(solver, log) : OnlyOne(wanted, log)) is not CudaDevice gpu)
            return UseCpu(log);
        gpu.MemoryLimit = limit;
        log.Info($"Using GPUs {gpu.Ordinal}");
        log.Info($"GPU {gpu.Ordinal}: {gpu.Model}");
        return gpu;
    }

    /// <summary>The numbers of the GPUs that a list names; at least one.</summary>
    /// <exception cref="DeviceException">All are asked for, and there is none.</exception>
    public static int[] Numbers(string[] wanted)
    {
        if (wanted is not ["all"]) return [.. wanted.Select(Number)];
        int count = CudaDevice.Count;
        return count > 0 ? [.. Enumerable.Range(0, count)]
            : throw new DeviceException("-gpu all: this machine has no GPU");
    }

    // A batch on each of several GPUs would be a larger batch: to take one of them would train something else than was
    // asked for.
    private static CudaDevice OnlyOne(string[] wanted, ILogger log) => Numbers(wanted) is [var number]
        ? CudaDevice.Get(number, log)
        : throw new DeviceException($"-gpu {string.Join(',', wanted)}: training runs on one GPU, expected the "
            + "number of one");

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        ? number
        : throw new UsageException(
            $"flag '-gpu' is '{text}', expected numbers of GPUs with commas between them, or all");

    private static long Limit(FlagValues flags)
    {
        if (!flags.IsGiven("gpu_memory")) return long.MaxValue;
        int limit = flags.Integer("gpu_memory");
        return limit > 0 ? (long)limit * BytesOfMiB
            : throw new UsageException($"flag '-gpu_memory' is '{limit}', expected a positive number of MiB");
    }

    private static Device UseCpu(ILogger log)
    {
        log.Info($"Use CPU.");
        return Devices.Device.Cpu;
    }
}
