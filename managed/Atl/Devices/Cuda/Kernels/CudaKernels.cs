namespace Atl.Devices.Cuda;

/// <summary>The kernels of <c>atl_kernels.fatbin</c>, loaded into a device's context at first use.</summary>
internal sealed class CudaKernels(CudaDevice device, ICudaDriver driver)
{
    private const string File = "atl_kernels.fatbin";

    private nint _module;

    /// <summary>The handle of a kernel.</summary>
    /// <exception cref="DeviceException">The fatbin is missing, cannot be loaded, or lacks the kernel.</exception>
    public nint Find(string name)
    {
        device.MakeCurrent();
        if (_module == 0) Load();
        try
        {
            driver.Check(driver.ModuleGetFunction(out nint function, _module, name));
            return function;
        }
        catch (CudaException e)
        {
            throw new DeviceException($"{PathOfFile} has no kernel {name} ({e.Message}): it belongs to another version of Atl");
        }
    }

    /// <summary>Unloads them; the context must be current.</summary>
    public void Unload()
    {
        if (_module != 0) driver.Check(driver.ModuleUnload(_module));
        _module = 0;
    }

    // ATL_CUDA_KERNELS names another file than the one beside the program.
    private static string PathOfFile => Environment.GetEnvironmentVariable("ATL_CUDA_KERNELS") is { Length: > 0 } given
        ? given
        : Path.Combine(AppContext.BaseDirectory, File);

    private void Load()
    {
        byte[] image = Fatbin.Read(PathOfFile);
        try
        {
            driver.Check(driver.ModuleLoadData(out _module, image));
        }
        catch (CudaException e)
        {
            throw new DeviceException($"{PathOfFile} cannot be loaded: {e.Message}; {device.Model} has compute capability {device.ComputeCapability}, "
                + "and the kernels need 7.0 or newer");
        }
    }
}
