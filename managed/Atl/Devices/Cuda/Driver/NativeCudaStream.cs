using static Atl.Devices.Cuda.CudaApi;

namespace Atl.Devices.Cuda;

/// <summary>A stream, through the driver's C API.</summary>
internal sealed class NativeCudaStream : ICudaStream
{
    private const uint NonBlocking = 1;

    private nint _handle;

    /// <summary>A stream of the current context.</summary>
    public NativeCudaStream() => Check(StreamCreate(out _handle, NonBlocking));

    /// <inheritdoc/>
    public nint Handle => _handle;

    /// <inheritdoc/>
    public void Synchronize() => Check(StreamSynchronize(_handle));

    /// <inheritdoc/>
    public void Upload(nint hostSource, nint destination, long bytes) =>
        Check(MemcpyHtoDAsync(destination, hostSource, bytes, _handle));

    /// <inheritdoc/>
    public void Download(nint source, nint hostDestination, long bytes) =>
        Check(MemcpyDtoHAsync(hostDestination, source, bytes, _handle));

    /// <inheritdoc/>
    public void Copy(nint source, nint destination, long bytes) =>
        Check(MemcpyDtoDAsync(destination, source, bytes, _handle));

    /// <inheritdoc/>
    public void Fill(nint destination, byte value, long bytes) =>
        Check(MemsetD8Async(destination, value, bytes, _handle));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _handle, 0) is not 0 and nint handle) Check(StreamDestroy(handle));
    }
}
