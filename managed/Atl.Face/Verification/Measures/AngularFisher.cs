using System.Numerics.Tensors;

namespace Atl.Face.Verification;

/// <summary>
/// The angular Fisher score of SphereFace's appendix, S_w / S_b with S_w = Σ_i Σ_{x ∈ X_i} (1 − cos(x, m_i)) and S_b =
/// Σ_i n_i (1 − cos(m_i, m)): m_i is the mean feature of class i, m the mean of all features, n_i the size of the
/// class. Lower is better.
/// </summary>
internal static class AngularFisher
{
    /// <summary>Computes the score; features that are zero or not finite are left out (and listed by
    /// <see cref="PairList.Check"/>). Null where there is no such score: fewer than two classes are left, or the class
    /// means all have one direction.</summary>
    /// <exception cref="ArgumentException">There are not as many labels as features.</exception>
    public static double? Compute(FeatureMatrix features, ReadOnlySpan<int> labels)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (labels.Length != features.Rows)
            throw new ArgumentException($"{labels.Length} labels for {features.Rows} features");
        var classes = new SortedDictionary<int, List<int>>();
        for (int row = 0; row < features.Rows; row++)
        {
            if (features.StateOf(row) != FeatureState.Usable)
                continue;
            if (!classes.TryGetValue(labels[row], out List<int>? rows))
                classes[labels[row]] = rows = [];
            rows.Add(row);
        }

        if (classes.Count < 2) return null;
        double[] zero = new double[features.Columns];
        double[] all = Mean(features, [.. classes.Values.SelectMany(rows => rows)]);
        double squaredAll = TensorPrimitives.SumOfSquares<double>(all), within = 0, between = 0;
        foreach (List<int> rows in classes.Values)
        {
            double[] mean = Mean(features, rows);
            double squared = TensorPrimitives.SumOfSquares<double>(mean);
            foreach (int row in rows)
            {
                ReadOnlySpan<float> feature = features[row];
                within += 1 - Cosine(FeatureProducts.Along(feature, mean, zero),
                    FeatureProducts.Centred(feature, feature, zero), squared);
            }

            between += rows.Count * (1 - Cosine(TensorPrimitives.Dot<double>(mean, all), squared, squaredAll));
        }

        return between > 0 ? within / between : null;
    }

    private static double[] Mean(FeatureMatrix features, List<int> rows)
    {
        double[] mean = new double[features.Columns];
        foreach (int row in rows)
            FeatureProducts.AddTo(mean, features[row], 1.0 / rows.Count);
        return mean;
    }

    // A mean that is zero has no direction: as far from everything as a right angle.
    private static double Cosine(double xy, double xx, double yy) => xx == 0 || yy == 0
        ? 0 : Math.Clamp(xy / Math.Sqrt(xx) / Math.Sqrt(yy), -1, 1);
}
