namespace Atl.Devices.Cuda;

/// <summary>Compiled kernels that a context has loaded. Disposing it unloads them.</summary>
internal interface ICudaModule : IDisposable
{
    /// <summary>The kernel of a name.</summary>
    /// <exception cref="CudaException">There is none.</exception>
    ICudaKernel Find(string name);
}
