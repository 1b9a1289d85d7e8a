namespace Atl.Face.Verification;

/// <summary>Features as a file holds them.</summary>
/// <param name="Features">One row an image.</param>
/// <param name="Names">The images' names, where the file holds them.</param>
internal sealed record NamedFeatures(FeatureMatrix Features, IReadOnlyList<string>? Names = null);
