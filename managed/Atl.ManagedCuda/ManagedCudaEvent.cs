using Atl.Devices.Cuda;
using Api = ManagedCuda.DriverAPINativeMethods;

namespace Atl.ManagedCuda;

/// <summary>ManagedCuda's <see cref="Cu.CudaEvent"/>.</summary>
internal sealed class ManagedCudaEvent : ICudaEvent
{
    private readonly Lock _gate = new();
    private readonly Cu.CudaEvent _event = DriverCall.Run("cuEventCreate", () => new Cu.CudaEvent());

    /// <inheritdoc/>
    public void Record(ICudaStream stream)
    {
        CuTypes.CUstream target = new() { Pointer = stream.Handle };
        lock (_gate) DriverCall.Run("cuEventRecord", () => _event.Record(target));
    }

    /// <inheritdoc/>
    public void Synchronize()
    {
        lock (_gate) DriverCall.Run("cuEventSynchronize", _event.Synchronize);
    }

    /// <inheritdoc/>
    public float MillisecondsSince(ICudaEvent start)
    {
        // CudaEvent.ElapsedTime calls cuEventElapsedTime_v2, which drivers before CUDA 12.8 lack.
        float milliseconds = 0;
        DriverCall.Check("cuEventElapsedTime", Api.Events.cuEventElapsedTime(
            ref milliseconds, ((ManagedCudaEvent)start)._event.Event, _event.Event));
        return milliseconds;
    }

    /// <inheritdoc/>
    public void Dispose() => _event.Dispose();
}
