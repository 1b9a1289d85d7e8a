using System.Globalization;

namespace Atl.Build;

/// <summary>The native library, built by CMake.</summary>
internal static class NativeBuild
{
    /// <summary>The folder in which the host and the tests look for the library.</summary>
    public const string Folder = "build/native";

    /// <summary>The number of processes that compile and test in parallel.</summary>
    public static string Cores => Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether the native library has tests of its own here.</summary>
    public static bool HasTests => File.Exists("tests/native/CMakeLists.txt");

    /// <summary>Configures and builds into a folder.</summary>
    public static void Build(string folder, params string[] options)
    {
        Machine.Prepare();
        Make(folder, options);
    }

    /// <summary>Builds with the CUDA kernels.</summary>
    public static void BuildCuda()
    {
        Machine.Prepare(cuda: true);
        Make(Folder, "-DATL_CUDA=ON");
    }

    /// <summary>Builds for other machines with a GPU; the kernels' tests and bench too.</summary>
    public static void BuildGpuCheck(string folder, params string[] options)
    {
        Machine.Prepare(cuda: true);
        Make(folder, ["-DATL_CUDA=ON", "-DATL_TESTS=ON", .. options]);
        Shell.Run("cmake", "--build", folder, "--config", "Release", "--target", "margin_kernels_bench");
    }

    /// <summary>Builds the library that makes calls of the system fail.</summary>
    public static void BuildFaults()
    {
        Machine.Prepare();
        Shell.Run("cmake", "-S", ".", "-B", Folder, "-DCMAKE_BUILD_TYPE=Release", "-DATL_TESTS=ON");
        Shell.Run("cmake", "--build", Folder, "--config", "Release", "--parallel", Cores, "--target", "atl",
            "atl_faults");
    }

    private static void Make(string folder, params string[] options)
    {
        Shell.Run("cmake", ["-S", ".", "-B", folder, "-DCMAKE_BUILD_TYPE=Release", .. options]);
        Shell.Run("cmake", "--build", folder, "--config", "Release", "--parallel", Cores);
    }
}
