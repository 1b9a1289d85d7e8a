using Atl.Devices;
using Atl.Devices.Cuda;
using Atl.Logging;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Solvers;

/// <summary>The device on which a solver's file asks its nets to run.</summary>
internal static class SolverDevice
{
    /// <summary>
    /// GPU number <c>device_id</c> for <c>solver_mode: GPU</c>; the CPU for <c>CPU</c> and where the file does not say.
    /// A machine on which CUDA finds no GPU trains on the CPU, and the log says why.
    /// </summary>
    /// <param name="parameter">The solver's settings.</param>
    /// <param name="logger">The logger that is warned of a solver that trains on the CPU for want of a GPU; null for
    /// none.</param>
    /// <exception cref="AtlException">The machine has GPUs but none of this number, or the GPU cannot be
    /// used.</exception>
    public static Device Of(SolverParameter parameter, ILogger? logger = null)
    {
        if (parameter is not { HasSolverMode: true, SolverMode: SolverParameter.Types.SolverMode.Gpu })
            return Device.Cpu;
        if (CudaDevice.WhyNone() is { } reason)
        {
            logger?.Warning("solver_device.cpp", $"solver_mode: GPU, but {reason}: training on the CPU");
            return Device.Cpu;
        }
        try
        {
            return CudaDevice.Get(parameter.DeviceId, logger);
        }
        catch (DeviceException e)
        {
            int field = parameter.HasDeviceId ? SolverParameter.DeviceIdFieldNumber
                : SolverParameter.SolverModeFieldNumber;
            throw SolverException.At(parameter, field,
                $"solver_mode: GPU with device_id: {parameter.DeviceId}: {e.Message}");
        }
    }
}
