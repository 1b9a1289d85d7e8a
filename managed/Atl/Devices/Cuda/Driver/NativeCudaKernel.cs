using static Atl.Devices.Cuda.CudaApi;

namespace Atl.Devices.Cuda;

/// <summary>A kernel, through the driver's C API, which takes the address of each argument.</summary>
internal sealed unsafe class NativeCudaKernel(nint function) : ICudaKernel
{
    /// <inheritdoc/>
    public void Launch(ICudaStream stream, uint grid, uint block, ReadOnlySpan<ulong> arguments)
    {
        nint* addresses = stackalloc nint[arguments.Length];
        fixed (ulong* values = arguments)
        {
            for (int i = 0; i < arguments.Length; i++) addresses[i] = (nint)(values + i);
            Check(LaunchKernel(function, grid, 1, 1, block, 1, 1, 0, stream.Handle, addresses, null));
        }
    }
}
