using static Atl.Devices.Cuda.CudaApi;

namespace Atl.Devices.Cuda;

/// <summary>A module, through the driver's C API.</summary>
internal sealed unsafe class NativeCudaModule : ICudaModule
{
    private nint _handle;

    /// <summary>Loads a fatbin into the current context.</summary>
    public NativeCudaModule(byte[] image)
    {
        fixed (byte* start = image) Check(ModuleLoadData(out _handle, start));
    }

    /// <inheritdoc/>
    public ICudaKernel Find(string name)
    {
        Check(ModuleGetFunction(out nint function, _handle, name));
        return new NativeCudaKernel(function);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _handle, 0) is not 0 and nint handle) Check(ModuleUnload(handle));
    }
}
