using Atl.Native;

namespace Atl.Devices.Cuda;

/// <summary>
/// Finds the libraries that CUDA comes in. The environment's <c>ATL_CUDA_DRIVER</c> and <c>ATL_CUBLAS</c> name others than the usual.
/// </summary>
internal static class CudaLibraries
{
    internal const string Driver = "atl-cuda-driver";
    internal const string Cublas = "atl-cublas";

    /// <summary>What a user is told is missing.</summary>
    public static string DriverFile => OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";

    /// <summary>Makes the names above known to the loader.</summary>
    public static void Register()
    {
        NativeFiles.Register(Driver, Candidates("ATL_CUDA_DRIVER", DriverFile));
        NativeFiles.Register(Cublas, OperatingSystem.IsWindows()
            ? Candidates("ATL_CUBLAS", "cublas64_13.dll", "cublas64_12.dll", "cublas64_11.dll")
            : Candidates("ATL_CUBLAS", "libcublas.so.13", "libcublas.so.12", "libcublas.so.11"));
    }

    private static string[] Candidates(string variable, params string[] usual) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given ? [given] : usual;
}
