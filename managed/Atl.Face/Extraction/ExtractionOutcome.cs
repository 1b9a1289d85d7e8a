namespace Atl.Face.Extraction;

/// <summary>What became of an extraction.</summary>
/// <param name="Rows">How many features were written.</param>
/// <param name="Failed">The images that have none, in their order, with the reasons.</param>
/// <param name="NotFinite">The images whose features hold NaN or infinity; their rows are written all the same.</param>
public sealed record ExtractionOutcome(int Rows, IReadOnlyList<(string Name, string Reason)> Failed, IReadOnlyList<string> NotFinite);
