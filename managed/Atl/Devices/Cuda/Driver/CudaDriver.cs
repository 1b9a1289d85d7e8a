using System.Globalization;
using System.Runtime.CompilerServices;

namespace Atl.Devices.Cuda;

/// <summary>The CUDA driver of this machine, through the binding that Atl was built with.</summary>
internal static class CudaDriver
{
    private static readonly Lock Gate = new();
    private static ICudaDriver? _driver;

    /// <summary>The driver, once it is loaded and initialised.</summary>
    /// <exception cref="DeviceException">There is none, or it finds no GPU; the message says which.</exception>
    public static ICudaDriver Load()
    {
        lock (Gate)
        {
            if (_driver is not null) return _driver;
            ICudaDriver driver = CudaBinding.Create();
            try
            {
                driver.Check(driver.Init());
            }
            catch (DllNotFoundException)
            {
                throw new DeviceException(
                    $"no CUDA driver: {CudaLibraries.DriverFile} was not found or cannot be loaded (it comes with NVIDIA's display driver)");
            }
            catch (EntryPointNotFoundException e)
            {
                throw new DeviceException($"the CUDA driver cannot be used: {e.Message}");
            }
            catch (CudaException e)
            {
                throw new DeviceException($"the CUDA driver finds no GPU that it can use: {e.Message}");
            }
            return _driver = driver;
        }
    }

    /// <summary>Turns a result other than CUDA_SUCCESS into an exception.</summary>
    /// <param name="driver">Who gave it.</param>
    /// <param name="result">The result.</param>
    /// <param name="call">The expression that made the call, from which the C function's name is read.</param>
    /// <exception cref="CudaException">The call failed.</exception>
    public static void Check(this ICudaDriver driver, int result, [CallerArgumentExpression(nameof(result))] string call = "")
    {
        if (result == 0) return;
        int end = call.IndexOf('('), start = end < 0 ? -1 : call.LastIndexOf('.', end);
        string function = end < 0 ? call : "cu" + call[(start + 1)..end];
        throw new CudaException(function, result, driver.GetErrorName(result) ?? "unknown CUDA error");
    }

    /// <summary>A version as the driver counts it, as 12.4.</summary>
    public static string Version(int version) => string.Create(CultureInfo.InvariantCulture, $"{version / 1000}.{version % 1000 / 10}");
}
