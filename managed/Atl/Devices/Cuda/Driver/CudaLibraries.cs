using Atl.Native;

namespace Atl.Devices.Cuda;

/// <summary>
/// Finds the libraries that CUDA comes in. The environment's <c>ATL_CUDA_DRIVER</c> and <c>ATL_CUBLAS</c> name others
/// than the usual.
/// </summary>
internal static class CudaLibraries
{
    internal const string Driver = "atl-cuda-driver";
    internal const string Cublas = "atl-cublas";
    private const string DriverVariable = "ATL_CUDA_DRIVER", CublasVariable = "ATL_CUBLAS";

    /// <summary>The driver's file.</summary>
    public static string DriverFile =>
        Candidates(DriverVariable, OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1")[0];

    /// <summary>The files that cuBLAS may be in.</summary>
    public static string[] CublasFiles => Candidates(CublasVariable, OperatingSystem.IsWindows()
        ? ["cublas64_13.dll", "cublas64_12.dll", "cublas64_11.dll"]
        : ["libcublas.so.13", "libcublas.so.12", "libcublas.so.11"]);

    /// <summary>Makes the names above known to the loader.</summary>
    public static void Register()
    {
        NativeFiles.Register(Driver, (_, _) => LoadDriver());
        NativeFiles.Register(Cublas, CublasFiles);
    }

    /// <summary>Loads the driver's file, from beside the program or by the loader; 0 where there is none.</summary>
    public static nint LoadDriver() => NativeFiles.LoadFirst([DriverFile]);

    private static string[] Candidates(string variable, params string[] usual) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given ? [given] : usual;
}
