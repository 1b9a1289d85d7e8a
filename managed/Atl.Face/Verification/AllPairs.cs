using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Atl.Face.Verification;

/// <summary>
/// Compares every image of a set with every other: n(n − 1)/2 pairs, as blocked products of normalised features, counted as they are made.
/// The score matrix is never held.
/// </summary>
public sealed class AllPairs
{
    private const int Block = 64, Lanes = 8;

    private AllPairs(BinnedScores scores, IReadOnlyList<int> leftOut)
    {
        Scores = scores;
        LeftOut = leftOut;
    }

    /// <summary>The scores of all pairs.</summary>
    public BinnedScores Scores { get; }

    /// <summary>Images whose feature is zero or not finite: they are in no pair.</summary>
    public IReadOnlyList<int> LeftOut { get; }

    /// <summary>Compares all images; a pair is genuine when the labels are equal.</summary>
    /// <exception cref="ArgumentException">There are not as many labels as features.</exception>
    public static AllPairs Compute(FeatureMatrix features, ReadOnlySpan<int> labels)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (labels.Length != features.Rows)
            throw new ArgumentException($"{labels.Length} labels for {features.Rows} features");
        int[] usable = [.. Enumerable.Range(0, features.Rows).Where(row => features.StateOf(row) == FeatureState.Usable)];
        int[] leftOut = [.. Enumerable.Range(0, features.Rows).Except(usable)];
        int[] ofUsable = new int[usable.Length];
        for (int i = 0; i < usable.Length; i++)
            ofUsable[i] = labels[usable[i]];

        int stride = (features.Columns + Lanes - 1) / Lanes * Lanes;
        float[] unit = Normalise(features, usable, stride);
        var scores = new BinnedScores();
        int blocks = (usable.Length + Block - 1) / Block;
        Parallel.For(0, blocks, rowBlock =>
        {
            int rowEnd = Math.Min(usable.Length, (rowBlock + 1) * Block);
            for (int columnBlock = rowBlock; columnBlock < blocks; columnBlock++)
            {
                int columnEnd = Math.Min(usable.Length, (columnBlock + 1) * Block);
                for (int a = rowBlock * Block; a < rowEnd; a++)
                    CountRow(unit, stride, ofUsable, a, Math.Max(a + 1, columnBlock * Block), columnEnd, scores);
            }
        });
        return new AllPairs(scores, leftOut);
    }

    // Row a against rows from … end, four at a time so that a's values are loaded once for four products.
    private static void CountRow(float[] unit, int stride, int[] labels, int a, int from, int end, BinnedScores scores)
    {
        int label = labels[a], b = from;
        ReadOnlySpan<Vector256<float>> x = Row(unit, stride, a);
        for (; b + 4 <= end; b += 4)
        {
            ReadOnlySpan<Vector256<float>> y0 = Row(unit, stride, b), y1 = Row(unit, stride, b + 1), y2 = Row(unit, stride, b + 2), y3 = Row(unit, stride, b + 3);
            Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
            for (int k = 0; k < x.Length; k++)
            {
                s0 = Vector256.FusedMultiplyAdd(x[k], y0[k], s0);
                s1 = Vector256.FusedMultiplyAdd(x[k], y1[k], s1);
                s2 = Vector256.FusedMultiplyAdd(x[k], y2[k], s2);
                s3 = Vector256.FusedMultiplyAdd(x[k], y3[k], s3);
            }

            scores.Add(Vector256.Sum(s0), labels[b] == label);
            scores.Add(Vector256.Sum(s1), labels[b + 1] == label);
            scores.Add(Vector256.Sum(s2), labels[b + 2] == label);
            scores.Add(Vector256.Sum(s3), labels[b + 3] == label);
        }

        for (; b < end; b++)
        {
            ReadOnlySpan<Vector256<float>> y = Row(unit, stride, b);
            Vector256<float> sum = default;
            for (int k = 0; k < x.Length; k++)
                sum = Vector256.FusedMultiplyAdd(x[k], y[k], sum);
            scores.Add(Vector256.Sum(sum), labels[b] == label);
        }
    }

    private static ReadOnlySpan<Vector256<float>> Row(float[] unit, int stride, int row)
        => MemoryMarshal.Cast<float, Vector256<float>>(unit.AsSpan(row * stride, stride));

    // Unit rows, padded with zeros to whole vectors.
    private static float[] Normalise(FeatureMatrix features, int[] rows, int stride)
    {
        var unit = new float[checked(rows.Length * stride)];
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<float> feature = features[rows[i]];
            double squares = 0;
            foreach (float value in feature)
                squares += (double)value * value;
            double scale = 1 / Math.Sqrt(squares);
            for (int k = 0; k < feature.Length; k++)
                unit[(i * stride) + k] = (float)(feature[k] * scale);
        }

        return unit;
    }
}
