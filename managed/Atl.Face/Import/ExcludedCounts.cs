namespace Atl.Face.Import;

/// <summary>The outcome of a list of names to leave out.</summary>
/// <param name="People">The identities left out, by their names.</param>
/// <param name="ImagesOfIdentities">Their images.</param>
/// <param name="Images">Images of others, by the images' names.</param>
/// <param name="Unused">Names of the list that fit neither, with their lines.</param>
internal sealed record ExcludedCounts(int People, int ImagesOfIdentities, int Images,
    IReadOnlyList<(int Line, string Name)> Unused);
