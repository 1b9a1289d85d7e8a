namespace Atl.Linting;

/// <summary>The outcome of building a net for one phase.</summary>
/// <param name="Phase">TRAIN or TEST.</param>
/// <param name="Stage">The stage that the net was built for; empty for none.</param>
/// <param name="Status">What came of it.</param>
/// <param name="Message">What is wrong, with file and line, one fault a line; empty where nothing is.</param>
/// <param name="Layers">The layers, Split layers among them; 0 where the net was not built.</param>
/// <param name="Parameters">The elements of all parameters, shared ones once.</param>
internal sealed record LintedNet(string Phase, string Stage, LintStatus Status, string Message, int Layers,
    long Parameters)
{
    /// <summary>
    /// The comparison of the net with trained weights; null if none were given or the net was not built.
    /// </summary>
    public LintedWeights? Weights { get; init; }
}
