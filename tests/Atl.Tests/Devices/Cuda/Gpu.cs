using System.Runtime.InteropServices;
using Atl.Devices;
using Atl.Devices.Cuda;
using Atl.TestSupport;

namespace Atl.Tests.Devices.Cuda;

/// <summary>A GPU for tests: the stand-in of tests/native, which runs the kernels by emulation, unless <c>ATL_CUDA_DRIVER</c> names another driver.</summary>
internal static unsafe class Gpu
{
    private static readonly Lazy<nint> Library = new(Load);

    /// <summary>The device; the test is skipped where the stand-in is not built.</summary>
    public static CudaDevice Device()
    {
        if (Library.Value == 0) Assert.Ignore("the CUDA stand-in is not built: dotnet run build.cs -- test builds it");
        return CudaDevice.Get(0);
    }

    /// <summary>Lets the stand-in's next call of a function fail.</summary>
    public static void Fail(string call, int result)
    {
        nint name = Marshal.StringToCoTaskMemUTF8(call);
        ((delegate* unmanaged<nint, int, void>)NativeLibrary.GetExport(Library.Value, "atl_standin_fail"))(name, result);
        Marshal.FreeCoTaskMem(name);
    }

    /// <summary>How many kernels the stand-in ran.</summary>
    public static long Launches() => ((delegate* unmanaged<long>)NativeLibrary.GetExport(Library.Value, "atl_standin_launches"))();

    private static nint Load()
    {
        string folder = Path.Combine(TestData.RepositoryRoot, "build", "native"), library = Path.Combine(folder, "libatl_cuda_standin.so");
        if (!File.Exists(library)) return 0;
        string kernels = Path.Combine(Path.GetTempPath(), $"atl-standin-{Environment.ProcessId}.fatbin");
        File.WriteAllBytes(kernels, [0x50, 0xED, 0x55, 0xBA]);
        Environment.SetEnvironmentVariable("ATL_CUDA_DRIVER", library);
        Environment.SetEnvironmentVariable("ATL_CUBLAS", library);
        Environment.SetEnvironmentVariable("ATL_CUDA_KERNELS", kernels);
        return NativeLibrary.Load(library);
    }
}
