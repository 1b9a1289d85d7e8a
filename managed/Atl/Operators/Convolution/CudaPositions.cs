using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>Scores as outer × channels × inner around the axis of the classes, and how kernels share out their
/// positions.</summary>
internal readonly struct CudaPositions(Shape scores, int axis)
{
    public long Outer { get; } = scores.CountOf(0, axis);

    public long Channels { get; } = scores[axis];

    public long Inner { get; } = scores.CountFrom(axis + 1);

    public long Count => Outer * Inner;

    /// <summary>Starts a kernel with a block for each row where the channels lie together, else with a thread for each
    /// position.</summary>
    public void Launch(CudaKernel kernel, params ReadOnlySpan<KernelArgument> arguments)
    {
        if (Inner == 1)
            kernel.LaunchBlocks(Outer, arguments);
        else
            kernel.LaunchThreads(Count, arguments);
    }
}
