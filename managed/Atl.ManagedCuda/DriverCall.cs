using System.Runtime.InteropServices;
using Atl.Devices.Cuda;
using Api = ManagedCuda.DriverAPINativeMethods;

namespace Atl.ManagedCuda;

/// <summary>Calls ManagedCuda, and turns its errors, which do not name the C function, into Atl's.</summary>
internal static class DriverCall
{
    /// <summary>Calls a class of ManagedCuda.</summary>
    /// <param name="function">The C function that the call comes down to.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="CudaException">The driver refuses.</exception>
    public static T Run<T>(string function, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Cu.CudaException e)
        {
            throw Failure(function, e.CudaError);
        }
    }

    /// <summary>Calls a class of ManagedCuda.</summary>
    /// <param name="function">The C function that the call comes down to.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="CudaException">The driver refuses.</exception>
    public static void Run(string function, Action call) => Run(function, () =>
    {
        call();
        return true;
    });

    /// <summary>Checks what a function of the C API returned, where ManagedCuda has no class for it.</summary>
    /// <param name="function">The C function.</param>
    /// <param name="result">What it returned.</param>
    /// <exception cref="CudaException">The driver refuses.</exception>
    public static void Check(string function, CuTypes.CUResult result)
    {
        if (result != CuTypes.CUResult.Success) throw Failure(function, result);
    }

    private static CudaException Failure(string function, CuTypes.CUResult result)
    {
        nint name = 0;
        bool isKnown = Api.ErrorHandling.cuGetErrorName(result, ref name) == CuTypes.CUResult.Success;
        return new CudaException(function, (int)result, isKnown ? Marshal.PtrToStringUTF8(name) : null);
    }
}
