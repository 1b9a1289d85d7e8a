namespace Atl.Solvers;

/// <summary>The names of a snapshot's two files.</summary>
/// <param name="Iteration">The updates that were done.</param>
/// <param name="StatePath">The solver's state.</param>
/// <param name="ModelPath">The weights.</param>
internal sealed record SnapshotPair(int Iteration, string StatePath, string ModelPath);
