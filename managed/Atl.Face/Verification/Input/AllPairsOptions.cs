namespace Atl.Face.Verification;

/// <summary>Options for all pairs beside their counts.</summary>
internal sealed record AllPairsOptions
{
    /// <summary>The false accept rates at which thresholds and counts are to be exact.</summary>
    public IReadOnlyList<double> Rates { get; init; } = VerificationResult.DefaultRates;

    /// <summary>Confidence intervals over identities; null for none.</summary>
    public BootstrapOptions? Bootstrap { get; init; }

    /// <summary>The number of the hardest genuine and impostor pairs to keep.</summary>
    public int Hardest { get; init; }
}
