namespace Atl.Face.Import;

/// <summary>A file in a tar archive.</summary>
/// <param name="Name">Its path.</param>
/// <param name="Offset">Where its bytes begin in the archive.</param>
/// <param name="Length">How many bytes its header claims.</param>
/// <param name="Fault">Why it has no bytes; null where it has.</param>
internal readonly record struct TarEntry(string Name, long Offset, long Length, string? Fault = null);
