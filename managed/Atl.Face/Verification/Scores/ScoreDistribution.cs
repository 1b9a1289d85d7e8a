namespace Atl.Face.Verification;

/// <summary>
/// The numbers of genuine and impostor pairs that score above a threshold: all that ROC, AUC, EER and TAR@FAR require.
/// A pair is accepted if its score is strictly above the threshold. <see cref="SortedScores"/> keeps every score; a
/// count over more pairs than fit in memory also derives from this class.
/// </summary>
internal abstract class ScoreDistribution
{
    /// <summary>Pairs of one person that have a score.</summary>
    public abstract long Genuine { get; }

    /// <summary>Pairs of two persons that have a score.</summary>
    public abstract long Impostor { get; }

    /// <summary>Genuine pairs with a score strictly above <paramref name="threshold"/>.</summary>
    public abstract long GenuineAbove(double threshold);

    /// <summary>Impostor pairs with a score strictly above <paramref name="threshold"/>.</summary>
    public abstract long ImpostorAbove(double threshold);

    /// <summary>The impostor score of the given rank: rank 0 is the highest. Ranks outside [0, Impostor)
    /// throw.</summary>
    public abstract double ImpostorScore(long rank);

    /// <summary>
    /// The corners of the ROC curve in order of falling threshold, one for each distinct score: thresholds strictly
    /// below the score and not below the next accept exactly these counts.
    /// </summary>
    public abstract IEnumerable<RocCorner> Corners();

    /// <summary>
    /// The largest true accept rate whose false accept rate does not exceed <paramref name="far"/>: with k = ⌊far ·
    /// impostors⌋, the threshold is the (k+1)-th highest impostor score, so that at most k impostors lie strictly above
    /// it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="far"/> is not in (0, 1].</exception>
    public TarAtFar TarAt(double far)
    {
        if (!(far > 0 && far <= 1))
            throw new ArgumentOutOfRangeException(nameof(far), far, "a false accept rate lies in (0, 1]");
        RequireScores();
        // 1/far and far·N are rounded (0.1 · 30 is a little above 3): counts are taken with a relative slack far below
        // one pair.
        long needed = (long)Math.Ceiling(1 / far * (1 - 1e-12));
        if (Impostor < needed)
            return new TarAtFar(far, null, null, null, Impostor, needed);
        long allowed = (long)Math.Floor(far * Impostor * (1 + 1e-12));
        double threshold = allowed >= Impostor ? double.NegativeInfinity : ImpostorScore(allowed);
        return new TarAtFar(
            far, (double)GenuineAbove(threshold) / Genuine, double.IsFinite(threshold) ? threshold : null,
            (double)ImpostorAbove(threshold) / Impostor, Impostor, needed);
    }

    /// <summary>
    /// Area under the ROC curve: the probability that a genuine pair scores above an impostor pair, ties counted half
    /// (the trapezoid rule over <see cref="Corners"/> is exactly that).
    /// </summary>
    public double Auc()
    {
        RequireScores();
        double area = 0;
        long genuine = 0, impostor = 0;
        foreach (RocCorner corner in Corners())
        {
            area += (corner.Impostor - impostor) * 0.5 * (corner.Genuine + genuine);
            (genuine, impostor) = (corner.Genuine, corner.Impostor);
        }

        return area / ((double)Genuine * Impostor);
    }

    /// <summary>
    /// The equal error rate: where the ROC curve, with straight lines between its corners, meets false accept rate =
    /// false reject rate.
    /// </summary>
    public double EqualErrorRate() => EqualError().Rate;

    /// <summary>The equal error rate and the score at which the false accept rate reaches the false reject
    /// rate.</summary>
    public (double Rate, double Threshold) EqualError()
    {
        RequireScores();
        double far = 0, frr = 1, score = double.NaN;
        foreach (RocCorner corner in Corners())
        {
            double nextFar = (double)corner.Impostor / Impostor, nextFrr = 1 - ((double)corner.Genuine / Genuine);
            score = corner.Score;
            if (nextFar >= nextFrr)
            {
                // far + t·(Δfar) = frr + t·(Δfrr)
                double t = (frr - far) / (frr - far + nextFar - nextFrr);
                return (far + (t * (nextFar - far)), score);
            }

            (far, frr) = (nextFar, nextFrr);
        }

        return (far, score);
    }

    /// <summary>Throws unless there are genuine and impostor scores.</summary>
    /// <exception cref="MeasureException">Either is missing; the message has both counts.</exception>
    protected void RequireScores()
    {
        if (Genuine == 0 || Impostor == 0)
            throw new MeasureException($"a ROC needs genuine and impostor pairs with a score; found {Genuine} and "
                + $"{Impostor}");
    }
}

/// <summary>A corner of the ROC curve.</summary>
/// <param name="Score">The lowest score among the accepted pairs.</param>
/// <param name="Genuine">Genuine pairs accepted.</param>
/// <param name="Impostor">Impostor pairs accepted.</param>
internal readonly record struct RocCorner(double Score, long Genuine, long Impostor);
