namespace Atl.Face.Import;

/// <summary>The outcome of an import.</summary>
/// <param name="Images">The images in the database.</param>
/// <param name="People">The identities with an image in it.</param>
/// <param name="FirstLabel">The smallest label of an image in it.</param>
/// <param name="Absent">The identities with a label, but no image in it: their images are among the skipped
/// ones.</param>
/// <param name="Labels">One more than the largest label: what a net's last layer needs as num_output.</param>
/// <param name="Earlier">How many images an earlier run, which was interrupted, had gone through.</param>
/// <param name="Sizes">How many images there are of each size, as "width×height×channels", the most frequent
/// first.</param>
/// <param name="Skipped">What is not in it.</param>
internal sealed record ImportOutcome(
    int Images, int People, int FirstLabel, int Absent, int Labels, int Earlier,
        IReadOnlyList<(string Size, int Images)> Sizes,
    IReadOnlyList<ImportSkip> Skipped)
{
    /// <summary>The number of labels below <see cref="Labels"/> without an image.</summary>
    public int Unused => Labels - People;

    /// <summary>
    /// The number of images that were re-encoded, for each reason why a Data layer could not use their bytes.
    /// </summary>
    public required IReadOnlyList<(string Reason, int Images)> EncodedAnew { get; init; }

    /// <summary>The outcome of the list of names to leave out; null if there is none.</summary>
    public ExcludedCounts? Excluded { get; init; }
}
