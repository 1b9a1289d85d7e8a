namespace Atl.Devices.Cuda;

/// <summary>A kernel of a module; it lives as long as the module.</summary>
internal interface ICudaKernel
{
    /// <summary>Starts the kernel on a one-dimensional grid.</summary>
    /// <param name="stream">The stream that the launch goes to, of the same binding.</param>
    /// <param name="grid">The number of blocks.</param>
    /// <param name="block">The number of threads of a block.</param>
    /// <param name="arguments">The arguments one after another: a number in the lowest bytes of an element, a struct in
    /// as many elements as it fills.</param>
    /// <param name="starts">The element at which each argument begins, in ascending order.</param>
    void Launch(
        ICudaStream stream, uint grid, uint block, ReadOnlySpan<ulong> arguments, ReadOnlySpan<int> starts);
}
