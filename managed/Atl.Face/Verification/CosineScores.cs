namespace Atl.Face.Verification;

/// <summary>The cosine between the two features of each pair.</summary>
public static class CosineScores
{
    /// <summary>
    /// x·y / (|x|·|y|) of each pair, summed in double precision and clamped to [−1, 1]; NaN where a feature is zero or not finite.
    /// </summary>
    /// <param name="features">One row an image.</param>
    /// <param name="pairs">What to compare; every image number must be a row.</param>
    public static double[] Compute(FeatureMatrix features, IReadOnlyList<FacePair> pairs)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(pairs);
        return Compute(features, pairs, new double[features.Columns]);
    }

    /// <summary>The same after <paramref name="mean"/> is subtracted from every feature.</summary>
    internal static double[] Compute(FeatureMatrix features, IReadOnlyList<FacePair> pairs, double[] mean)
    {
        var scores = new double[pairs.Count];
        Parallel.For(0, pairs.Count, i => scores[i] = Cosine(features[pairs[i].First], features[pairs[i].Second], mean));
        return scores;
    }

    /// <summary>The cosine of x − mean and y − mean; NaN where either has no direction.</summary>
    internal static double Cosine(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<double> mean)
    {
        double xx = 0, yy = 0, xy = 0;
        for (int k = 0; k < x.Length; k++)
        {
            double a = x[k] - mean[k], b = y[k] - mean[k];
            xx += a * a;
            yy += b * b;
            xy += a * b;
        }

        return Math.Clamp(xy / (Math.Sqrt(xx) * Math.Sqrt(yy)), -1.0, 1.0);
    }
}
