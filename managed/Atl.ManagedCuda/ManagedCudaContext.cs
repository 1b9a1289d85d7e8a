using Atl.Devices.Cuda;

namespace Atl.ManagedCuda;

/// <summary>ManagedCuda's <see cref="Cu.PrimaryContext"/>.</summary>
internal sealed class ManagedCudaContext(int ordinal) : ICudaContext
{
    private readonly Cu.PrimaryContext _context =
        DriverCall.Run("cuDevicePrimaryCtxRetain", () => new Cu.PrimaryContext(ordinal));

    /// <inheritdoc/>
    public void MakeCurrent() => DriverCall.Run("cuCtxSetCurrent", _context.SetCurrent);

    /// <inheritdoc/>
    public nint Allocate(long bytes)
    {
        // Its owner is Atl's pool, which knows addresses; a CudaDeviceVariable that is forgotten frees nothing.
        Cu.CudaDeviceVariable<byte> memory = DriverCall.Run("cuMemAlloc", () => new Cu.CudaDeviceVariable<byte>(bytes));
        GC.SuppressFinalize(memory);
        return (nint)(long)memory.DevicePointer.Pointer;
    }

    /// <inheritdoc/>
    public void Free(nint pointer) =>
        DriverCall.Run("cuMemFree", () => _context.FreeMemory(new CuTypes.CUdeviceptr(pointer)));

    /// <inheritdoc/>
    public ICudaStream CreateStream() => new ManagedCudaStream();

    /// <inheritdoc/>
    public ICudaEvent CreateEvent() => new ManagedCudaEvent();

    /// <inheritdoc/>
    public ICudaModule LoadModule(byte[] image) => new ManagedCudaModule(_context, image);

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();
}
