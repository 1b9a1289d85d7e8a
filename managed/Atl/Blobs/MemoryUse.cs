namespace Atl;

/// <summary>The use of memory, as errors state it: <c>the data of blob 'conv1'</c>.</summary>
/// <param name="Half">Data or diff of a blob, or a solver's history of it.</param>
/// <param name="Blob">The blob.</param>
internal sealed record MemoryUse(string Half, Blob Blob)
{
    /// <inheritdoc/>
    public override string ToString() => $"the {Half} of {Blob.Role} '{Blob.Name}'";
}
