using System.Reflection;
using System.Runtime.Loader;
using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.ManagedCuda;

/// <summary>
/// Loads ManagedCuda, and this assembly once more, such that ManagedCuda gets the driver's library that Atl has found.
/// ManagedCuda by itself looks for libcuda.so, which a machine with the driver alone need not have, and which
/// <c>ATL_CUDA_DRIVER</c> does not reach. Its resolver cannot be replaced, and only a load context is asked before the
/// system.
/// </summary>
internal sealed class BindingContext(nint library) : AssemblyLoadContext("Atl.ManagedCuda")
{
    private static readonly Assembly Own = typeof(BindingContext).Assembly, Theirs = typeof(Cu.CudaContext).Assembly;
    private static readonly string[] DriverNames = ["libcuda", "nvcuda"];

    /// <summary>The binding, which calls ManagedCuda as this context has loaded it.</summary>
    /// <exception cref="DeviceException">The assemblies are no files of their own.</exception>
    public ICudaDriver CreateDriver()
    {
        if (Own.Location.Length == 0 || Theirs.Location.Length == 0)
            throw new DeviceException(
                "Atl.ManagedCuda cannot be used from a single file: publish without PublishSingleFile");
        Type? driver = LoadFromAssemblyPath(Own.Location).GetType(typeof(ManagedCudaDriver).FullName!,
            throwOnError: true);
        return (ICudaDriver)Activator.CreateInstance(driver!)!;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name == Theirs.GetName().Name ? LoadFromAssemblyPath(Theirs.Location) : null;

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        DriverNames.Contains(unmanagedDllName) ? library : 0;
}
