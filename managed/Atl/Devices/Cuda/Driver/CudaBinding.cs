namespace Atl.Devices.Cuda;

/// <summary>The binding of the CUDA driver: the built-in one or ManagedCuda-12, as the build's property <c>CudaBinding</c> says.</summary>
internal static class CudaBinding
{
    /// <summary>The binding; nothing is loaded yet.</summary>
    public static ICudaDriver Create()
    {
        CudaLibraries.Register();
#if MANAGED_CUDA
        return new ManagedCudaDriver();
#else
        return new NativeCudaDriver();
#endif
    }
}
