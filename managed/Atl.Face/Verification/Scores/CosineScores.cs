using System.Collections.Concurrent;

namespace Atl.Face.Verification;

/// <summary>The cosine between the two features of each pair.</summary>
internal static class CosineScores
{
    /// <summary>
    /// x·y / (|x|·|y|) of each pair, summed in double precision and clamped to [−1, 1]; NaN where a feature is zero or
    /// not finite.
    /// </summary>
    /// <param name="features">One row an image.</param>
    /// <param name="pairs">What to compare; every image number must be a row.</param>
    public static double[] Compute(FeatureMatrix features, IReadOnlyList<FacePair> pairs)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(pairs);
        if (pairs.Count == 0)
            return [];
        double[] zero = new double[features.Columns];
        double[] squares = new double[features.Rows];
        Array.Fill(squares, double.NaN);
        foreach (FacePair pair in pairs)
            squares[pair.First] = squares[pair.Second] = 0;
        Parallel.ForEach(Partitioner.Create(0, squares.Length), range =>
        {
            for (int row = range.Item1; row < range.Item2; row++)
                if (squares[row] == 0)
                    squares[row] = FeatureProducts.Centred(features[row], features[row], zero);
        });
        double[] scores = new double[pairs.Count];
        Parallel.ForEach(Partitioner.Create(0, pairs.Count), range =>
        {
            for (int i = range.Item1; i < range.Item2; i++)
            {
                FacePair pair = pairs[i];
                double product = FeatureProducts.Centred(features[pair.First], features[pair.Second], zero);
                scores[i] = Cosine(product, squares[pair.First], squares[pair.Second]);
            }
        });
        return scores;
    }

    /// <summary>
    /// The cosine of two features; NaN where either has no direction. The same to the last bit as in
    /// <see cref="Compute(FeatureMatrix, IReadOnlyList{FacePair})"/>.
    /// </summary>
    internal static double Cosine(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<double> zero) => Cosine(
        FeatureProducts.Centred(x, y, zero), FeatureProducts.Centred(x, x, zero), FeatureProducts.Centred(y, y, zero));

    private static double Cosine(double xy, double xx, double yy) =>
        Math.Clamp(xy / (Math.Sqrt(xx) * Math.Sqrt(yy)), -1.0, 1.0);
}
