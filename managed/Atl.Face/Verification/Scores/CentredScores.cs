using System.Collections.Concurrent;

namespace Atl.Face.Verification;

/// <summary>
/// The cosines of pairs after a mean m was subtracted from all features, for many m: with c the mean of all pairs'
/// features and d = m − c, (x − m)·(y − m) = (x − c)·(y − c) − (x − c)·d − (y − c)·d + d·d. The first term is computed
/// once a pair, the others once an image and m. As d is small beside x − c, nothing is lost by the differences in
/// double precision.
/// </summary>
internal sealed class CentredScores
{
    private const double Rounding = 1e-14;

    private readonly FeatureMatrix _features;
    private readonly FacePair[] _pairs;
    private readonly bool[] _usable;
    private readonly double[] _centre, _products, _squares;

    /// <summary>Computes the products of all pairs.</summary>
    public CentredScores(FeatureMatrix features, IReadOnlyList<FacePair> pairs)
    {
        (_features, _pairs) = (features, [.. pairs]);
        bool[] named = new bool[features.Rows];
        foreach (FacePair pair in _pairs)
            named[pair.First] = named[pair.Second] = true;
        _usable = new bool[features.Rows];
        Parallel.For(0, named.Length, row => _usable[row] = named[row] && features.StateOf(row) == FeatureState.Usable);
        _centre = MeanOfOthers(-1);
        _squares = new double[features.Rows];
        Each(_squares.Length, row => _squares[row] = _usable[row]
            ? FeatureProducts.Centred(features[row], features[row], _centre) : double.NaN);
        _products = new double[_pairs.Length];
        Each(_pairs.Length, i =>
        {
            (int a, int b) = (_pairs[i].First, _pairs[i].Second);
            _products[i] = _usable[a] && _usable[b] ? FeatureProducts.Centred(features[a], features[b], _centre)
                : double.NaN;
        });
    }

    /// <summary>The mean of both features of every pair outside of a fold, each as often as it occurs; pairs that
    /// cannot be scored are left out.</summary>
    public double[] MeanOfOthers(int fold)
    {
        // How often each image occurs: a sum over images costs less than one over pairs.
        int[] times = new int[_features.Rows];
        long count = 0;
        foreach (FacePair pair in _pairs)
        {
            if (pair.Fold == fold || !_usable[pair.First] || !_usable[pair.Second])
                continue;
            times[pair.First]++;
            times[pair.Second]++;
            count += 2;
        }

        double[] mean = new double[_features.Columns];
        for (int row = 0; row < times.Length; row++)
        {
            if (times[row] > 0)
                FeatureProducts.AddTo(mean, _features[row], times[row]);
        }

        for (int k = 0; k < mean.Length && count > 0; k++)
            mean[k] /= count;
        return mean;
    }

    /// <summary>The cosine of each pair after <paramref name="mean"/> is subtracted; NaN where a feature has no
    /// direction.</summary>
    public double[] WithMean(double[] mean)
    {
        double[] shift = [.. mean.Zip(_centre, (m, c) => m - c)];
        double squaredShift = shift.Sum(d => d * d);
        double[] along = new double[_features.Rows];
        double[] length = new double[_features.Rows];
        Each(along.Length, row =>
        {
            if (!_usable[row])
                return;
            along[row] = FeatureProducts.Along(_features[row], shift, _centre);
            double squares = _squares[row] - (2 * along[row]) + squaredShift;
            // What is left of a feature that is the mean is rounding: it has no direction.
            length[row] = squares > Rounding * (_squares[row] + squaredShift) ? Math.Sqrt(squares) : double.NaN;
        });
        double[] cosines = new double[_pairs.Length];
        Each(cosines.Length, i =>
        {
            (int a, int b) = (_pairs[i].First, _pairs[i].Second);
            cosines[i] = Math.Clamp((_products[i] - along[a] - along[b] + squaredShift) / (length[a] * length[b]),
                -1, 1);
        });
        return cosines;
    }

    private static void Each(int count, Action<int> body)
    {
        if (count > 0)
        {
            Parallel.ForEach(Partitioner.Create(0, count), range =>
            {
                for (int i = range.Item1; i < range.Item2; i++)
                    body(i);
            });
        }
    }
}
