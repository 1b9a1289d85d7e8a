namespace Atl.Face.Verification;

/// <summary>A <see cref="ScoreDistribution"/> of distinct scores with the number of pairs at each.</summary>
internal sealed class CountedScores : ScoreDistribution
{
    private readonly double[] _scores;

    // Pairs at or above each score, and none above the last.
    private readonly long[] _genuine, _impostor;

    /// <summary>Takes the scores, strictly rising, and the pairs at each.</summary>
    /// <exception cref="ArgumentException">The scores do not rise, or the lengths differ.</exception>
    public CountedScores(IReadOnlyList<double> scores, IReadOnlyList<long> genuine, IReadOnlyList<long> impostor)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(genuine);
        ArgumentNullException.ThrowIfNull(impostor);
        if (genuine.Count != scores.Count || impostor.Count != scores.Count)
            throw new ArgumentException(
                $"{scores.Count} scores, {genuine.Count} counts of genuine and {impostor.Count} of impostor pairs; "
                    + "expected as many of each");
        _scores = [.. scores];
        for (int i = 1; i < _scores.Length; i++)
            if (!(_scores[i] > _scores[i - 1]))
                throw new ArgumentException($"score {i} is {_scores[i]} after {_scores[i - 1]}; expected strictly "
                    + "rising scores");
        _genuine = FromTheTop(genuine);
        _impostor = FromTheTop(impostor);
    }

    /// <inheritdoc/>
    public override long Genuine => _genuine[0];

    /// <inheritdoc/>
    public override long Impostor => _impostor[0];

    /// <summary>The number of distinct scores.</summary>
    public int Count => _scores.Length;

    /// <inheritdoc/>
    public override long GenuineAbove(double threshold) => _genuine[FirstAbove(threshold)];

    /// <inheritdoc/>
    public override long ImpostorAbove(double threshold) => _impostor[FirstAbove(threshold)];

    /// <inheritdoc/>
    public override double ImpostorScore(long rank)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, Impostor);
        // The counts fall with the score: it is the highest one at or above which more than rank pairs lie.
        int low = 0, high = _scores.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (_impostor[middle] > rank)
                low = middle;
            else
                high = middle - 1;
        }

        return _scores[low];
    }

    /// <inheritdoc/>
    public override IEnumerable<RocCorner> Corners()
    {
        for (int i = _scores.Length - 1; i >= 0; i--)
            if (_genuine[i] + _impostor[i] > _genuine[i + 1] + _impostor[i + 1])
                yield return new RocCorner(_scores[i], _genuine[i], _impostor[i]);
    }

    private int FirstAbove(double threshold)
    {
        int low = 0, high = _scores.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_scores[middle] > threshold)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    private static long[] FromTheTop(IReadOnlyList<long> counts)
    {
        long[] sums = new long[counts.Count + 1];
        for (int i = counts.Count - 1; i >= 0; i--)
            sums[i] = sums[i + 1] + counts[i];
        return sums;
    }
}
