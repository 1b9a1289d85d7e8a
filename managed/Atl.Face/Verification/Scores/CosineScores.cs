using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Atl.Face.Verification;

/// <summary>The cosine between the two features of each pair.</summary>
public static class CosineScores
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
                    squares[row] = Product(features[row], features[row], zero);
        });
        double[] scores = new double[pairs.Count];
        Parallel.ForEach(Partitioner.Create(0, pairs.Count), range =>
        {
            for (int i = range.Item1; i < range.Item2; i++)
            {
                FacePair pair = pairs[i];
                scores[i] = Cosine(Product(features[pair.First], features[pair.Second], zero), squares[pair.First],
                    squares[pair.Second]);
            }
        });
        return scores;
    }

    /// <summary>
    /// The cosine of two features; NaN where either has no direction. The same to the last bit as in
    /// <see cref="Compute(FeatureMatrix, IReadOnlyList{FacePair})"/>.
    /// </summary>
    internal static double Cosine(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<double> zero)
        => Cosine(Product(x, y, zero), Product(x, x, zero), Product(y, y, zero));

    private static double Cosine(double xy, double xx, double yy) =>
        Math.Clamp(xy / (Math.Sqrt(xx) * Math.Sqrt(yy)), -1.0, 1.0);

    /// <summary>(x − mean)·(y − mean), float by float in double precision.</summary>
    // Code on vectors is not compiled ahead, and without this the runtime would first run it unoptimised: a sixth of
    // the time that 6,000 pairs take.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double Product(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<double> mean)
    {
        int k = 0, lanes = Vector<double>.Count;
        Vector<double> low = default, high = default;
        for (; k <= x.Length - (2 * lanes); k += 2 * lanes)
        {
            Vector.Widen(new Vector<float>(x[k..]), out Vector<double> x0, out Vector<double> x1);
            Vector.Widen(new Vector<float>(y[k..]), out Vector<double> y0, out Vector<double> y1);
            Vector<double> m0 = new(mean[k..]), m1 = new(mean[(k + lanes)..]);
            low += (x0 - m0) * (y0 - m0);
            high += (x1 - m1) * (y1 - m1);
        }

        double sum = Vector.Sum(low + high);
        for (; k < x.Length; k++)
            sum += (x[k] - mean[k]) * (y[k] - mean[k]);
        return sum;
    }

    /// <summary>(x − mean)·direction in double precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double ProductWith(ReadOnlySpan<float> x, ReadOnlySpan<double> direction, ReadOnlySpan<double> mean)
    {
        int k = 0, lanes = Vector<double>.Count;
        Vector<double> low = default, high = default;
        for (; k <= x.Length - (2 * lanes); k += 2 * lanes)
        {
            Vector.Widen(new Vector<float>(x[k..]), out Vector<double> x0, out Vector<double> x1);
            low += (x0 - new Vector<double>(mean[k..])) * new Vector<double>(direction[k..]);
            high += (x1 - new Vector<double>(mean[(k + lanes)..])) * new Vector<double>(direction[(k + lanes)..]);
        }

        double sum = Vector.Sum(low + high);
        for (; k < x.Length; k++)
            sum += (x[k] - mean[k]) * direction[k];
        return sum;
    }

    /// <summary>sum + weight · x in double precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddTo(Span<double> sum, ReadOnlySpan<float> x, double weight)
    {
        int k = 0, lanes = Vector<double>.Count;
        Vector<double> times = new(weight);
        for (; k <= x.Length - (2 * lanes); k += 2 * lanes)
        {
            Vector.Widen(new Vector<float>(x[k..]), out Vector<double> x0, out Vector<double> x1);
            Span<double> low = sum[k..], high = sum[(k + lanes)..];
            (new Vector<double>(low) + (times * x0)).CopyTo(low);
            (new Vector<double>(high) + (times * x1)).CopyTo(high);
        }

        for (; k < x.Length; k++)
            sum[k] += weight * x[k];
    }
}
