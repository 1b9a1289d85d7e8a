using Atl.Devices.Cuda;

namespace Atl.ManagedCuda;

/// <summary>
/// Makes ManagedCuda Atl's binding of the CUDA driver. A C# project that references this package does so by itself when
/// it is loaded; all others call <see cref="Register"/> before the first use of a GPU.
/// </summary>
public static class ManagedCudaBinding
{
    /// <summary>Registers the binding; later calls do nothing.</summary>
    /// <exception cref="InvalidOperationException">The driver is in use through another binding.</exception>
    public static void Register() => CudaDriver.Use(Create);

    private static ICudaDriver Create(nint library) => new BindingContext(library).CreateDriver();
}
