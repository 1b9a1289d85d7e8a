namespace Atl.Devices.Cuda;

/// <summary>The signature that a kernel's launches must match.</summary>
/// <param name="Name">The kernel's name in the fatbin.</param>
/// <param name="Arguments">The kinds of its arguments, a letter each (<see cref="KernelArgument"/>; o: an address that
/// may be null).</param>
/// <param name="MaxThreads">The most threads that a block may have.</param>
/// <param name="Struct">The struct that it takes by value, if any.</param>
internal sealed record KernelSignature(
    string Name, string Arguments, int MaxThreads = KernelSignature.Threads, Type? Struct = null)
{
    /// <summary>The threads of a block, unless a kernel says otherwise.</summary>
    public const int Threads = 256;
}
