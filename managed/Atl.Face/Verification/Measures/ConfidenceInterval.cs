namespace Atl.Face.Verification;

/// <summary>Between which values a measure lies in the given share of bootstrap samples.</summary>
internal readonly record struct ConfidenceInterval(double Lower, double Upper)
{
    // Below this share of samples in which the measure exists (a rate may want more impostor pairs than a sample has),
    // there is no interval.
    private const double ShareNeeded = 0.95;

    /// <summary>The percentile interval of values of which some may be NaN; null where too many are.</summary>
    public static ConfidenceInterval? Of(IReadOnlyList<double> values, double level)
    {
        ArgumentNullException.ThrowIfNull(values);
        double[] sorted = [.. values.Where(value => !double.IsNaN(value)).Order()];
        return sorted.Length == 0 || sorted.Length < ShareNeeded * values.Count
            ? null
            : new ConfidenceInterval(Quantile((1 - level) / 2), Quantile((1 + level) / 2));

        double Quantile(double share)
        {
            double place = share * (sorted.Length - 1);
            int below = (int)place;
            return below + 1 == sorted.Length ? sorted[below]
                : sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]));
        }
    }
}
