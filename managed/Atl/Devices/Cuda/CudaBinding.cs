namespace Atl.Devices.Cuda;

/// <summary>The binding of the CUDA driver that Atl was built with; another one takes its place here.</summary>
internal static class CudaBinding
{
    /// <summary>The binding; nothing is loaded yet.</summary>
    public static ICudaDriver Create()
    {
        CudaLibraries.Register();
        return new NativeCudaDriver();
    }
}
