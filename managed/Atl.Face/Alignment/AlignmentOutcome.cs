namespace Atl.Face.Alignment;

/// <summary>What became of the images of an <see cref="AlignmentRun"/>; the three first numbers add up to all of them.</summary>
/// <param name="Aligned">Images made.</param>
/// <param name="Skipped">Images that were there already.</param>
/// <param name="Failed">Images not made: name and reason, in the order of the input.</param>
/// <param name="SeveralFaces">Images made of which one face of several was taken.</param>
public sealed record AlignmentOutcome(int Aligned, int Skipped, IReadOnlyList<(string Name, string Reason)> Failed, int SeveralFaces);
