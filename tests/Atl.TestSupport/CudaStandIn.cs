using System.Reflection;

namespace Atl.TestSupport;

/// <summary>tests/native/cuda_standin.cpp: a CUDA driver and cuBLAS for machines without a GPU, whose kernels run by
/// emulation.</summary>
public static class CudaStandIn
{
    // What the stand-in takes for compiled kernels: a fatbin's header with nothing after it.
    private static readonly byte[] Kernels = [0x50, 0xED, 0x55, 0xBA, 1, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The library; the running test is skipped where it is not built.</summary>
    public static string Require()
    {
        string library = Path.Combine(TestData.RepositoryRoot, "build", "native", "libatl_cuda_standin.so");
        if (!File.Exists(library))
            Assert.Ignore("the CUDA stand-in is not built: dotnet run build.cs -- test builds it");
        return library;
    }

    /// <summary>Whether a program references Atl.ManagedCuda, which makes ManagedCuda its binding of the
    /// driver.</summary>
    public static bool HasManagedCuda(Assembly program) =>
        program.GetReferencedAssemblies().Any(reference => reference.Name == "Atl.ManagedCuda");

    /// <summary>How the name begins of the binding through which a program calls the driver.</summary>
    public static string Binding(Assembly program) => HasManagedCuda(program) ? "ManagedCuda " : "built in";

    /// <summary>The environment in which Atl takes it for CUDA; its kernels' file is written to
    /// <paramref name="kernels"/>.</summary>
    public static Dictionary<string, string> Environment(string kernels)
    {
        string library = Require();
        File.WriteAllBytes(kernels, Kernels);
        return new Dictionary<string, string>
        {
            ["ATL_CUDA_DRIVER"] = library,
            ["ATL_CUBLAS"] = library,
            ["ATL_CUDA_KERNELS"] = kernels
        };
    }
}
