using Atl.Proto.TensorBoard;

namespace Atl.Face.TensorBoard;

/// <summary>Histograms as TensorBoard takes them.</summary>
internal static class HistogramSummary
{
    private const int WeightBuckets = 100;

    /// <summary>Weights, in a hundred equal ranges from the minimum to the greatest; values that are not finite are
    /// left out. Null where none is left.</summary>
    public static Histogram? OfWeights(Tensor weights)
    {
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach ((long first, int count) in weights.Parts())
        {
            using ReadOnlyElementLoan part = weights.Borrow(first, count);
            foreach (float value in part.Span)
                if (float.IsFinite(value))
                    (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }
        if (least > most) return null;
        double[] counts = new double[most > least ? WeightBuckets : 1];
        double width = (most - least) / counts.Length, sum = 0, squares = 0;
        foreach ((long first, int count) in weights.Parts())
        {
            using ReadOnlyElementLoan part = weights.Borrow(first, count);
            foreach (float value in part.Span)
            {
                if (!float.IsFinite(value)) continue;
                counts[width > 0 ? Math.Min(counts.Length - 1, (int)((value - least) / width)) : 0]++;
                sum += value;
                squares += (double)value * value;
            }
        }
        return Of(counts, least, width, least, most, sum, squares);
    }

    /// <summary>Angles in degrees, by <see cref="Verification.AngleHistogram"/>; null where there are none.</summary>
    public static Histogram? OfAngles(IReadOnlyList<double> degrees) => degrees.Count == 0 ? null : Of(
        [.. Verification.AngleHistogram.Count(degrees)], 0, Verification.AngleHistogram.Width, degrees.Min(),
        degrees.Max(), degrees.Sum(),
            degrees.Sum(angle => angle * angle));

    private static Histogram Of(double[] counts, double start, double width, double least, double most, double sum,
        double squares)
    {
        Histogram histogram = new() { Min = least, Max = most, Num = counts.Sum(), Sum = sum, SumSquares = squares };
        for (int i = 0; i < counts.Length; i++)
        {
            histogram.BucketLimit.Add(i == counts.Length - 1 && width == 0 ? most : start + (width * (i + 1)));
            histogram.Bucket.Add(counts[i]);
        }
        return histogram;
    }
}
