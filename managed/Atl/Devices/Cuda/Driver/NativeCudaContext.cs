using static Atl.Devices.Cuda.CudaApi;

namespace Atl.Devices.Cuda;

/// <summary>A primary context, through the driver's C API.</summary>
internal sealed class NativeCudaContext : ICudaContext
{
    private readonly int _device;
    private readonly nint _handle;
    private bool _isReleased;

    /// <summary>Retains the primary context of a device, which is the driver's handle.</summary>
    public NativeCudaContext(int device)
    {
        _device = device;
        Check(DevicePrimaryCtxRetain(out _handle, device));
    }

    /// <inheritdoc/>
    public void MakeCurrent() => Check(CtxSetCurrent(_handle));

    /// <inheritdoc/>
    public nint Allocate(long bytes)
    {
        Check(MemAlloc(out nint pointer, bytes));
        return pointer;
    }

    /// <inheritdoc/>
    public void Free(nint pointer) => Check(MemFree(pointer));

    /// <inheritdoc/>
    public ICudaStream CreateStream() => new NativeCudaStream();

    /// <inheritdoc/>
    public ICudaEvent CreateEvent() => new NativeCudaEvent();

    /// <inheritdoc/>
    public ICudaModule LoadModule(byte[] image) => new NativeCudaModule(image);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isReleased, true)) Check(DevicePrimaryCtxRelease(_device));
    }
}
