namespace Atl.Face.Verification;

/// <summary>What is wanted of all pairs beside their counts.</summary>
internal sealed record AllPairsOptions
{
    /// <summary>The false accept rates at which thresholds and counts are to be exact.</summary>
    public IReadOnlyList<double> Rates { get; init; } = VerificationResult.DefaultRates;

    /// <summary>Confidence intervals over identities; null for none.</summary>
    public BootstrapOptions? Bootstrap { get; init; }

    /// <summary>How many of the hardest genuine and impostor pairs to keep.</summary>
    public int Hardest { get; init; }
}
