using Atl.Devices.Cuda;

namespace Atl.ManagedCuda;

/// <summary>ManagedCuda's <see cref="Cu.CudaKernel"/>.</summary>
internal sealed class ManagedCudaKernel(Cu.CudaKernel kernel) : ICudaKernel
{
    // Grid and block are state of the kernel until it is launched.
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public void Launch(
        ICudaStream stream, uint grid, uint block, ReadOnlySpan<ulong> arguments, ReadOnlySpan<int> starts)
    {
        // ManagedCuda pins each object and passes the address of its content: an array's is its first element.
        object[] boxes = new object[starts.Length];
        for (int i = 0; i < boxes.Length; i++)
        {
            int end = i + 1 < starts.Length ? starts[i + 1] : arguments.Length;
            boxes[i] = arguments[starts[i]..end].ToArray();
        }
        CuTypes.CUstream target = new() { Pointer = stream.Handle };
        lock (_gate)
        {
            kernel.GridDimensions = grid;
            kernel.BlockDimensions = block;
            DriverCall.Run("cuLaunchKernel", () => kernel.RunAsync(target, boxes));
        }
    }
}
