namespace Atl.Face.Verification;

/// <summary>Features with what is known of their images.</summary>
/// <param name="Features">One row an image.</param>
/// <param name="Names">The images' names.</param>
/// <param name="Source">Where they came from.</param>
/// <param name="Identities">Who is on each image; null if unknown.</param>
/// <param name="Issues">What was odd about names and labels.</param>
internal sealed record FeatureInput(
    FeatureMatrix Features, ImageNames Names, FeatureSource Source, IReadOnlyList<string>? Identities,
    IReadOnlyList<IssueRecord> Issues)
{
    /// <summary>The identity of each image; that of its folder by default.</summary>
    public IReadOnlyList<string> People() => Identities ?? Verification.Identities.ByFolder(Names);
}
