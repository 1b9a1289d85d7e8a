using Atl.Data;

namespace Atl.Face.Extraction;

/// <summary>The outcome of an extraction.</summary>
/// <param name="Rows">How many features were written.</param>
/// <param name="Failed">The images that have none, in their order, with the reasons.</param>
/// <param name="Oddities">
/// What is odd about the features, by their images' names; their rows are written all the same.
/// </param>
internal sealed record ExtractionOutcome(int Rows, IReadOnlyList<(string Name, string Reason)> Failed,
    FeatureOddities Oddities);
