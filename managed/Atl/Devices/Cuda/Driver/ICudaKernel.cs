namespace Atl.Devices.Cuda;

/// <summary>A kernel of a module; it lives as long as the module.</summary>
public interface ICudaKernel
{
    /// <summary>Starts the kernel on a one-dimensional grid.</summary>
    /// <param name="stream">The stream that the launch goes to, of the same binding.</param>
    /// <param name="grid">The number of blocks.</param>
    /// <param name="block">The number of threads of a block.</param>
    /// <param name="arguments">The arguments, each in the lowest bytes of its element.</param>
    void Launch(ICudaStream stream, uint grid, uint block, ReadOnlySpan<ulong> arguments);
}
