namespace Atl.Face.Import;

/// <summary>What an import came to.</summary>
/// <param name="Images">The images in the database.</param>
/// <param name="People">The people with an image in it.</param>
/// <param name="FirstLabel">The smallest label of an image in it.</param>
/// <param name="Absent">The people who have a label, but no image in it: what they had is among the skipped
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
    /// <summary>How many labels below <see cref="Labels"/> no image has.</summary>
    public int Unused => Labels - People;

    /// <summary>
    /// How many images were encoded anew for each reason, since a Data layer could not use their bytes.
    /// </summary>
    public required IReadOnlyList<(string Reason, int Images)> EncodedAnew { get; init; }

    /// <summary>What the list of those to leave out came to; null where there is none.</summary>
    public ExcludedCounts? Excluded { get; init; }
}
