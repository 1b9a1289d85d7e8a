namespace Atl.Face.Alignment;

/// <summary>The outcome of an <see cref="AlignmentRun"/>; the first three numbers add up to all images.</summary>
/// <param name="Aligned">Images of which a crop was made.</param>
/// <param name="Skipped">Images whose crop was there already, from an earlier run or another process.</param>
/// <param name="Failed">Images not aligned: name and reason, in the order of the input.</param>
/// <param name="SeveralFaces">Images made of which one face of several was taken.</param>
internal sealed record AlignmentOutcome(int Aligned, int Skipped, IReadOnlyList<(string Name, string Reason)> Failed,
    int SeveralFaces)
{
    /// <summary>The number of crops written: more than images where every face of an image is taken.</summary>
    public int Crops { get; init; }

    /// <summary>Lines of the input that repeat an earlier image.</summary>
    public int Repeated { get; init; }

    /// <summary>
    /// Images whose crops keep the image's extension in their names, since another image has the name without it.
    /// </summary>
    public IReadOnlyList<string> KeptExtensions { get; init; } = [];
}
