using static Atl.Devices.Cuda.CudaApi;

namespace Atl.Devices.Cuda;

/// <summary>A kernel, through the driver's C API, which takes the address of each argument.</summary>
internal sealed unsafe class NativeCudaKernel(nint function) : ICudaKernel
{
    /// <inheritdoc/>
    public void Launch(
        ICudaStream stream, uint grid, uint block, ReadOnlySpan<ulong> arguments, ReadOnlySpan<int> starts)
    {
        nint* addresses = stackalloc nint[starts.Length];
        fixed (ulong* values = arguments)
        {
            for (int i = 0; i < starts.Length; i++) addresses[i] = (nint)(values + starts[i]);
            Check(LaunchKernel(function, grid, 1, 1, block, 1, 1, 0, stream.Handle, addresses, null));
        }
    }
}
