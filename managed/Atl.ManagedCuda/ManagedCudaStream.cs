using Atl.Devices.Cuda;

namespace Atl.ManagedCuda;

/// <summary>
/// ManagedCuda's <see cref="Cu.CudaStream"/>. Memory is seen through a <see cref="Cu.CudaDeviceVariable{T}"/> and a
/// <see cref="Cu.CudaPageLockedHostMemory{T}"/> for the length of a call. Neither owns it; the latter does not lock it.
/// </summary>
internal sealed class ManagedCudaStream : ICudaStream
{
    // ManagedCuda's classes keep a call's result in a field, so that two threads in one object could take each other's.
    private readonly Lock _gate = new();
    private readonly Cu.CudaStream _stream =
        DriverCall.Run("cuStreamCreate", () => new Cu.CudaStream(CuTypes.CUStreamFlags.NonBlocking));

    /// <inheritdoc/>
    public nint Handle => Stream.Pointer;

    private CuTypes.CUstream Stream => _stream.Stream;

    /// <inheritdoc/>
    public void Synchronize()
    {
        lock (_gate) DriverCall.Run("cuStreamSynchronize", _stream.Synchronize);
    }

    /// <inheritdoc/>
    public void Upload(nint hostSource, nint destination, long bytes)
    {
        using Cu.CudaPageLockedHostMemory<byte> source = new(hostSource, bytes);
        DriverCall.Run("cuMemcpyHtoDAsync", () => source.AsyncCopyToDevice(Address(destination), Stream));
    }

    /// <inheritdoc/>
    public void Download(nint source, nint hostDestination, long bytes)
    {
        using Cu.CudaPageLockedHostMemory<byte> destination = new(hostDestination, bytes);
        DriverCall.Run("cuMemcpyDtoHAsync", () => destination.AsyncCopyFromDevice(Address(source), Stream));
    }

    /// <inheritdoc/>
    public void Copy(nint source, nint destination, long bytes)
    {
        using Cu.CudaDeviceVariable<byte> memory = Memory(destination, bytes);
        DriverCall.Run("cuMemcpyDtoDAsync", () => memory.AsyncCopyToDevice(Address(source), Stream));
    }

    /// <inheritdoc/>
    public void Fill(nint destination, byte value, long bytes)
    {
        using Cu.CudaDeviceVariable<byte> memory = Memory(destination, bytes);
        DriverCall.Run("cuMemsetD8Async", () => memory.MemsetAsync(value, Stream));
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static CuTypes.CUdeviceptr Address(nint pointer) => new(pointer);

    private static Cu.CudaDeviceVariable<byte> Memory(nint pointer, long bytes) => new(Address(pointer), false, bytes);
}
