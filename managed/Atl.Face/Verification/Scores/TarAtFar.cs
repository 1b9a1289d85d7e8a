namespace Atl.Face.Verification;

/// <summary>True accept rate at a false accept rate.</summary>
/// <param name="Far">The false accept rate asked for.</param>
/// <param name="Tar">The true accept rate; null where there are too few impostor pairs for this rate.</param>
/// <param name="Threshold">Scores strictly above it are accepted; null where there is no rate, or every pair is
/// accepted.</param>
/// <param name="FarReached">The false accept rate at the threshold, at most <paramref name="Far"/>; null where there is
/// no rate.</param>
/// <param name="ImpostorPairs">Impostor pairs there are.</param>
/// <param name="NeededPairs">Impostor pairs that the rate needs: ⌈1/far⌉, one false accept.</param>
/// <param name="Interval">The rate's confidence interval; null where there is none.</param>
internal sealed record TarAtFar(double Far, double? Tar, double? Threshold, double? FarReached, long ImpostorPairs,
    long NeededPairs, ConfidenceInterval? Interval = null)
{
    /// <summary>The rate in words.</summary>
    public override string ToString() => Tar is { } tar
        ? FormattableString.Invariant(
            $"TAR@FAR={Far:0.#########}: {100 * tar:F2} % (threshold {Threshold ?? double.NegativeInfinity:F4})")
        : FormattableString.Invariant(
            $"TAR@FAR={Far:0.#########}: too few impostor pairs ({ImpostorPairs}, need ≥ {NeededPairs})");
}
