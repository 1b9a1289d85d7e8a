using System.Reflection;
using System.Runtime.InteropServices;

namespace Atl.Devices.Cuda;

/// <summary>
/// Finds the libraries that CUDA comes in. The environment's <c>ATL_CUDA_DRIVER</c> and <c>ATL_CUBLAS</c> name others than the usual.
/// </summary>
internal static class CudaLibraries
{
    internal const string Driver = "atl-cuda-driver";
    internal const string Cublas = "atl-cublas";

    private static readonly Lazy<bool> Resolver = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(CudaLibraries).Assembly, Resolve);
        return true;
    });

    /// <summary>What a user is told is missing.</summary>
    public static string DriverFile => OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";

    /// <summary>Makes the names above known to the loader.</summary>
    public static void Register() => _ = Resolver.Value;

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        string[] candidates = name switch
        {
            Driver => Candidates("ATL_CUDA_DRIVER", DriverFile),
            Cublas when OperatingSystem.IsWindows() => Candidates("ATL_CUBLAS", "cublas64_13.dll", "cublas64_12.dll", "cublas64_11.dll"),
            Cublas => Candidates("ATL_CUBLAS", "libcublas.so.13", "libcublas.so.12", "libcublas.so.11"),
            _ => [],
        };
        foreach (string candidate in candidates)
            if (NativeLibrary.TryLoad(candidate, out nint handle))
                return handle;
        return 0;
    }

    private static string[] Candidates(string variable, params string[] usual) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given ? [given] : usual;
}
