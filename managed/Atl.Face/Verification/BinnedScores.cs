namespace Atl.Face.Verification;

/// <summary>
/// A <see cref="ScoreDistribution"/> of cosines rounded to multiples of <see cref="Resolution"/>: any number of pairs in 64 MB. All counts are exact for the
/// rounded scores; the rounding is of the size of a single-precision product's own.
/// </summary>
public sealed class BinnedScores : ScoreDistribution
{
    /// <summary>The distance between neighbouring scores, 2⁻²⁰.</summary>
    public const double Resolution = 1.0 / Half;

    private const int Half = 1 << 20, Bins = (2 * Half) + 1;

    private readonly long[] _genuine = new long[Bins], _impostor = new long[Bins];
    private readonly Lazy<(long[] Genuine, long[] Impostor)> _atOrAbove;

    internal BinnedScores()
        => _atOrAbove = new Lazy<(long[], long[])>(() => (FromTheTop(_genuine), FromTheTop(_impostor)));

    /// <inheritdoc/>
    public override long Genuine => _atOrAbove.Value.Genuine[0];

    /// <inheritdoc/>
    public override long Impostor => _atOrAbove.Value.Impostor[0];

    /// <inheritdoc/>
    public override long GenuineAbove(double threshold) => Above(_atOrAbove.Value.Genuine, threshold);

    /// <inheritdoc/>
    public override long ImpostorAbove(double threshold) => Above(_atOrAbove.Value.Impostor, threshold);

    /// <inheritdoc/>
    public override double ImpostorScore(long rank)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, Impostor);
        // The counts fall with the bin: the score is the highest bin at or above which more than rank pairs lie.
        long[] atOrAbove = _atOrAbove.Value.Impostor;
        int low = 0, high = Bins - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (atOrAbove[middle] > rank)
                low = middle;
            else
                high = middle - 1;
        }

        return Score(low);
    }

    /// <inheritdoc/>
    public override IEnumerable<RocCorner> Corners()
    {
        (long[] genuine, long[] impostor) = _atOrAbove.Value;
        for (int bin = Bins - 1; bin >= 0; bin--)
        {
            if (_genuine[bin] + _impostor[bin] > 0)
                yield return new RocCorner(Score(bin), genuine[bin], impostor[bin]);
        }
    }

    /// <summary>Counts one pair; any number of threads may.</summary>
    internal void Add(float cosine, bool same)
    {
        int bin = (int)MathF.Round(Math.Clamp(cosine, -1f, 1f) * Half) + Half;
        Interlocked.Increment(ref (same ? _genuine : _impostor)[bin]);
    }

    private static double Score(int bin) => (bin - Half) * Resolution;

    private static long Above(long[] atOrAbove, double threshold)
    {
        double bin = Math.Floor(threshold * Half) + Half + 1;
        return bin >= Bins ? 0 : atOrAbove[(int)Math.Max(0, bin)];
    }

    private static long[] FromTheTop(long[] counts)
    {
        var sums = new long[Bins];
        long sum = 0;
        for (int bin = Bins - 1; bin >= 0; bin--)
            sums[bin] = sum += counts[bin];
        return sums;
    }
}
