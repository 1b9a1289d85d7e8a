using System.Numerics;
using System.Runtime.CompilerServices;

namespace Atl.Face.Verification;

/// <summary>Products and sums of features, computed in double precision on vectors.</summary>
// Code on vectors is not compiled ahead, and without AggressiveOptimization the runtime would first run it unoptimized:
// a sixth of the time that 6,000 pairs take.
internal static class FeatureProducts
{
    /// <summary>(x − mean)·(y − mean), float by float in double precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Centred(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<double> mean)
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
    public static double Along(ReadOnlySpan<float> x, ReadOnlySpan<double> direction, ReadOnlySpan<double> mean)
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
    public static void AddTo(Span<double> sum, ReadOnlySpan<float> x, double weight)
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
