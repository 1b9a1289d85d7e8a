namespace Atl.Bindgen;

/// <summary>A file with kernels.</summary>
internal sealed record KernelFile(string Name, IReadOnlyList<Kernel> Kernels);
