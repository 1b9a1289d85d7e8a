namespace Atl.Devices.Cuda;

/// <summary>The binding of the CUDA driver.</summary>
internal static class CudaBinding
{
    /// <summary>The binding; nothing is loaded yet.</summary>
    public static ICudaDriver Create()
    {
        CudaLibraries.Register();
        return new NativeCudaDriver();
    }
}
