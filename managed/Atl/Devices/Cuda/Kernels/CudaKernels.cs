using Atl.Native;

namespace Atl.Devices.Cuda;

/// <summary>The kernels of <c>atl_kernels.fatbin</c>, loaded into a device's context at first use, once, by whichever
/// thread comes first.</summary>
internal sealed class CudaKernels(CudaDevice device)
{
    private const string File = "atl_kernels.fatbin";

    private object? _lock;
    private ICudaModule? _module;

    /// <summary>A kernel.</summary>
    /// <exception cref="DeviceException">The fatbin is missing, cannot be loaded, or lacks the kernel.</exception>
    public ICudaKernel Find(string name)
    {
        device.MakeCurrent();
        ICudaModule module = LazyInitializer.EnsureInitialized(ref _module, ref _lock, Load);
        try
        {
            return module.Find(name);
        }
        catch (CudaException e)
        {
            throw new DeviceException($"{PathOfFile} has no kernel {name} ({e.Message}): it belongs to another "
                + "version of Atl");
        }
    }

    /// <summary>Unloads them; the context must be current.</summary>
    public void Unload() => Interlocked.Exchange(ref _module, null)?.Dispose();

    // ATL_CUDA_KERNELS names another file than the one beside the program.
    private static string PathOfFile => Environment.GetEnvironmentVariable("ATL_CUDA_KERNELS") is { Length: > 0 } given
        ? given
        : NativeFiles.Find(File);

    private ICudaModule Load()
    {
        byte[] image = Fatbin.Read(PathOfFile);
        try
        {
            return device.Context.LoadModule(image);
        }
        catch (CudaException e)
        {
            throw new DeviceException($"{PathOfFile} cannot be loaded: {e.Message}; {device.Model} has compute "
                + $"capability {device.ComputeCapability}, "
                + "and the kernels need 7.0 or newer");
        }
    }
}
