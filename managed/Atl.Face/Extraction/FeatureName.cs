namespace Atl.Face.Extraction;

/// <summary>The name and label of a row of features.</summary>
/// <param name="Name">The image's name.</param>
/// <param name="Label">Its label, where one is known.</param>
internal sealed record FeatureName(string Name, int? Label);
