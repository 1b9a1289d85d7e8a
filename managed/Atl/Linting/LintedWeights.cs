namespace Atl.Linting;

/// <summary>The comparison of a net with trained weights.</summary>
/// <param name="Missing">The layers of the net that find no weights, with their places: they begin with their
/// fillers.</param>
/// <param name="Misfits">The layers whose weights do not fit, with their places: the weights cannot be loaded.</param>
/// <param name="Ignored">The layers that have weights in the file and that the net lacks.</param>
internal sealed record LintedWeights(IReadOnlyList<string> Missing, IReadOnlyList<string> Misfits,
    IReadOnlyList<string> Ignored);
