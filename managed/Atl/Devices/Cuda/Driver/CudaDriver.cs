using System.Globalization;
using System.Runtime.InteropServices;

namespace Atl.Devices.Cuda;

/// <summary>The CUDA driver of this machine, and the binding through which Atl calls it. Several threads may use it at
/// once.</summary>
internal static class CudaDriver
{
    private static readonly Lock Gate = new();
    private static Func<nint, ICudaDriver> _binding = _ => new NativeCudaDriver();
    private static ICudaDriver? _driver;

    /// <summary>
    /// Makes Atl call the driver through another binding than its own. A binding that is chosen already is taken again,
    /// whenever.
    /// </summary>
    /// <param name="binding">
    /// Makes the binding at the first use of a GPU. Its argument is the handle of the driver's library, which Atl has
    /// found and loaded as for its own binding: the file that the environment's <c>ATL_CUDA_DRIVER</c> names, or else
    /// libcuda.so.1 or nvcuda.dll.
    /// </param>
    /// <exception cref="InvalidOperationException">The driver is in use through another binding.</exception>
    public static void Use(Func<nint, ICudaDriver> binding)
    {
        ArgumentNullException.ThrowIfNull(binding);
        lock (Gate)
        {
            if (_driver is not null && binding != _binding)
                throw new InvalidOperationException(
                    $"the CUDA driver is in use already (binding: {_driver.Name}): choose a binding before the "
                        + "first use of a GPU");
            _binding = binding;
        }
    }

    /// <summary>The driver, once it is loaded and initialized.</summary>
    /// <exception cref="DeviceException">There is none, or it finds no GPU; the message says which.</exception>
    internal static ICudaDriver Load()
    {
        lock (Gate)
        {
            if (_driver is not null) return _driver;
            CudaLibraries.Register();
            nint library = CudaLibraries.LoadDriver();
            if (library == 0)
                throw new DeviceException(
                    $"no CUDA driver: {CudaLibraries.DriverFile} was not found or cannot be loaded (it comes with "
                        + "NVIDIA's display driver)");
            if (!NativeLibrary.TryGetExport(library, "cuInit", out _))
                throw new DeviceException($"the CUDA driver cannot be used: {CudaLibraries.DriverFile} has no "
                    + "function cuInit");
            ICudaDriver driver = _binding(library);
            try
            {
                driver.Initialize();
            }
            catch (CudaException e)
            {
                throw new DeviceException($"the CUDA driver finds no GPU that it can use: {e.Message}");
            }
            return _driver = driver;
        }
    }

    /// <summary>A version as the driver counts it, as 12.4.</summary>
    internal static string Version(int version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version / 1000}.{version % 1000 / 10}");
}
