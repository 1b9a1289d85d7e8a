namespace Atl.Face.Extraction;

/// <summary>What a row of features belongs to.</summary>
/// <param name="Name">The image's name.</param>
/// <param name="Label">Its label, where one is known.</param>
internal sealed record FeatureName(string Name, int? Label);
