namespace Atl;

/// <summary>A blob's name and shape.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its extents.</param>
public sealed record BlobSummary(string Name, IReadOnlyList<int> Shape);
