using Atl.Devices.Cuda;

namespace Atl.ManagedCuda;

/// <summary>
/// A module that ManagedCuda has loaded. A <see cref="Cu.CudaLibrary"/> would do too, but for drivers before CUDA 12.
/// </summary>
internal sealed class ManagedCudaModule(Cu.PrimaryContext context, byte[] image) : ICudaModule
{
    // What ManagedCuda calls PTX is any image that the driver takes.
    private readonly CuTypes.CUmodule _module = DriverCall.Run("cuModuleLoadData", () => context.LoadModulePTX(image));
    private bool _isUnloaded;

    /// <inheritdoc/>
    public ICudaKernel Find(string name) =>
        new ManagedCudaKernel(DriverCall.Run("cuModuleGetFunction", () => new Cu.CudaKernel(name, _module)));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isUnloaded, true)) return;
        DriverCall.Run("cuModuleUnload", () => context.UnloadModule(_module));
    }
}
