using System.Runtime.InteropServices;
using Atl.Devices.Cuda;
using Atl.TestSupport;

namespace Atl.Tests.Devices.Cuda;

/// <summary>
/// A GPU for tests: that of the driver that <c>ATL_CUDA_DRIVER</c> names (<c>libcuda.so.1</c> for the machine's own),
/// or else the stand-in, which runs the kernels by emulation.
/// </summary>
internal static unsafe class Gpu
{
    private static readonly Lock Gate = new();
    private static readonly bool IsReal = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("ATL_CUDA_DRIVER"));
    private static nint _standIn;

    /// <summary>The device; the running test is skipped where the stand-in is not built.</summary>
    public static CudaDevice Device()
    {
        if (!IsReal) StandIn();
        return CudaDevice.Get(0);
    }

    /// <summary>The stand-in's device, for tests that look into it or let it fail; the running test is skipped on a
    /// real GPU.</summary>
    public static CudaDevice StandInDevice()
    {
        StandIn();
        return CudaDevice.Get(0);
    }

    /// <summary>Lets the stand-in's next call of a function fail; where the context is lost with it, all later calls
    /// fail, too.</summary>
    public static void Fail(string call, int result, bool losesContext = false) => With(call, name =>
    {
        ((delegate* unmanaged<nint, int, int, void>)Export("atl_standin_fail"))(name, result, losesContext ? 1 : 0);
        return true;
    });

    /// <summary>Lets the stand-in's calls of a function take their time; no time for as before.</summary>
    public static void Delay(string call, TimeSpan time) => With(call, name =>
    {
        ((delegate* unmanaged<nint, int, void>)Export("atl_standin_delay"))(name, (int)time.TotalMilliseconds);
        return true;
    });

    /// <summary>How often a function of the stand-in was called so far.</summary>
    public static long Calls(string call) =>
        With(call, name => ((delegate* unmanaged<nint, long>)Export("atl_standin_calls"))(name));

    /// <summary>What the stand-in's users hold now.</summary>
    public static CudaHoldings Held()
    {
        CudaHoldings held;
        ((delegate* unmanaged<CudaHoldings*, void>)Export("atl_standin_held"))(&held);
        return held;
    }

    /// <summary>How many kernels the stand-in ran.</summary>
    public static long Launches() => ((delegate* unmanaged<long>)Export("atl_standin_launches"))();

    /// <summary>How many copies the stand-in has made so far, and of how many bytes: from the host (uploads), or
    /// back.</summary>
    public static (long Count, long Bytes) Copies(bool uploads)
    {
        long bytes;
        long count = ((delegate* unmanaged<int, long*, long>)Export("atl_standin_copies"))(uploads ? 0 : 1, &bytes);
        return (count, bytes);
    }

    private static T With<T>(string call, Func<nint, T> use)
    {
        nint name = Marshal.StringToCoTaskMemUTF8(call);
        try
        {
            return use(name);
        }
        finally
        {
            Marshal.FreeCoTaskMem(name);
        }
    }

    private static nint Export(string name) => NativeLibrary.GetExport(StandIn(), name);

    private static nint StandIn()
    {
        if (IsReal) Assert.Ignore("the test needs the CUDA stand-in, and ATL_CUDA_DRIVER names a driver");
        lock (Gate)
        {
            if (_standIn != 0) return _standIn;
            string kernels = Path.Combine(Path.GetTempPath(), $"atl-standin-{Environment.ProcessId}.fatbin");
            foreach ((string name,
                string value) in CudaStandIn.Environment(kernels)) Environment.SetEnvironmentVariable(name, value);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(kernels);
            return _standIn = NativeLibrary.Load(CudaStandIn.Require());
        }
    }
}
