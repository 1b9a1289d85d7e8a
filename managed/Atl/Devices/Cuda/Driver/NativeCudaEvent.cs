using static Atl.Devices.Cuda.CudaApi;

namespace Atl.Devices.Cuda;

/// <summary>An event, through the driver's C API.</summary>
internal sealed class NativeCudaEvent : ICudaEvent
{
    private nint _handle;

    /// <summary>An event of the current context.</summary>
    public NativeCudaEvent() => Check(EventCreate(out _handle, 0));

    /// <inheritdoc/>
    public void Record(ICudaStream stream) => Check(EventRecord(_handle, stream.Handle));

    /// <inheritdoc/>
    public void Synchronize() => Check(EventSynchronize(_handle));

    /// <inheritdoc/>
    public float MillisecondsSince(ICudaEvent start)
    {
        Check(EventElapsedTime(out float milliseconds, ((NativeCudaEvent)start)._handle, _handle));
        return milliseconds;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _handle, 0) is not 0 and nint handle) Check(EventDestroy(handle));
    }
}
