namespace Atl.Face.Verification;

/// <summary>Options for a verification beside its protocol.</summary>
internal sealed record VerificationOptions
{
    /// <summary>False accept rates.</summary>
    public IReadOnlyList<double> Rates { get; init; } = VerificationResult.DefaultRates;

    /// <summary>All pairs of a set: ROC, AUC, EER and TAR@FAR are taken from them instead of the protocol's own
    /// pairs.</summary>
    public AllPairs? All { get; init; }

    /// <summary>
    /// The identity of each image, where known: for the angular Fisher score, for drawing identities in the bootstrap,
    /// and to be compared with the pairs.
    /// </summary>
    public IReadOnlyList<int>? Labels { get; init; }

    /// <summary>Confidence intervals of the protocol's pairs (all pairs bring their own); null for none.</summary>
    public BootstrapOptions? Bootstrap { get; init; }

    /// <summary>Into how many folds insightface's protocol parts the pairs; null where it is not wanted.</summary>
    public int? InsightfaceFolds { get; init; }

    /// <summary>
    /// Whether features hold that of the mirrored image in their second half, which insightface's protocol adds to the
    /// first.
    /// </summary>
    public bool AddHalves { get; init; }
}
