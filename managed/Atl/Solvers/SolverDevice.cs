using Atl.Devices;
using Atl.Devices.Cuda;
using Atl.Logging;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>Where a solver's file wants its nets to run.</summary>
public static class SolverDevice
{
    /// <summary>
    /// GPU number <c>device_id</c> for <c>solver_mode: GPU</c>; the CPU for <c>CPU</c> and where the file does not say.
    /// A machine on which CUDA finds no GPU trains on the CPU, and the log says why.
    /// </summary>
    /// <exception cref="AtlException">The machine has GPUs but none of this number, or the GPU cannot be
    /// used.</exception>
    public static Device Of(SolverParameter parameter)
    {
        if (parameter is not { HasSolverMode: true, SolverMode: SolverParameter.Types.SolverMode.Gpu })
            return Device.Cpu;
        if (CudaDevice.WhyNone() is { } reason)
        {
            Log.Warning($"solver_mode: GPU, but {reason}: training on the CPU");
            return Device.Cpu;
        }
        try
        {
            return CudaDevice.Get(parameter.DeviceId);
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
