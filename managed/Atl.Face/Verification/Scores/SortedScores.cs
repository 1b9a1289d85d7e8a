namespace Atl.Face.Verification;

/// <summary>A <see cref="ScoreDistribution"/> that keeps every score, sorted.</summary>
internal sealed class SortedScores : ScoreDistribution
{
    private readonly double[] _genuine, _impostor;

    /// <summary>Copies and sorts the scores. NaN is not a score: leave it out, or use
    /// <see cref="FromPairs"/>.</summary>
    /// <exception cref="ArgumentException">A score is NaN (its position is named).</exception>
    public SortedScores(IEnumerable<double> genuine, IEnumerable<double> impostor)
    {
        _genuine = Sorted(genuine, "genuine");
        _impostor = Sorted(impostor, "impostor");
    }

    /// <inheritdoc/>
    public override long Genuine => _genuine.Length;

    /// <inheritdoc/>
    public override long Impostor => _impostor.Length;

    /// <summary>The genuine scores, rising.</summary>
    public IReadOnlyList<double> GenuineScores => _genuine;

    /// <summary>The impostor scores, rising.</summary>
    public IReadOnlyList<double> ImpostorScores => _impostor;

    /// <summary>Takes the scores of pairs; those that are NaN (see <see cref="VerificationIssues.UnscoredPairs"/>) are
    /// left out.</summary>
    /// <exception cref="ArgumentException">There are not as many scores as pairs.</exception>
    public static SortedScores FromPairs(IReadOnlyList<FacePair> pairs, IReadOnlyList<double> scores)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(scores);
        if (pairs.Count != scores.Count)
            throw new ArgumentException($"{pairs.Count} pairs but {scores.Count} scores");
        List<double> genuine = [], impostor = [];
        for (int i = 0; i < pairs.Count; i++)
        {
            if (!double.IsNaN(scores[i]))
                (pairs[i].Same ? genuine : impostor).Add(scores[i]);
        }

        return new SortedScores(genuine, impostor);
    }

    /// <inheritdoc/>
    public override long GenuineAbove(double threshold) => Above(_genuine, threshold);

    /// <inheritdoc/>
    public override long ImpostorAbove(double threshold) => Above(_impostor, threshold);

    /// <inheritdoc/>
    public override double ImpostorScore(long rank) => _impostor[_impostor.Length - 1 - rank];

    /// <inheritdoc/>
    public override IEnumerable<RocCorner> Corners()
    {
        int g = _genuine.Length - 1, i = _impostor.Length - 1;
        while (g >= 0 || i >= 0)
        {
            double score = Math.Max(g >= 0 ? _genuine[g] : double.NegativeInfinity, i >= 0 ? _impostor[i]
                : double.NegativeInfinity);
            while (g >= 0 && _genuine[g] == score)
                g--;
            while (i >= 0 && _impostor[i] == score)
                i--;
            yield return new RocCorner(score, _genuine.Length - 1 - g, _impostor.Length - 1 - i);
        }
    }

    private static double[] Sorted(IEnumerable<double> scores, string kind)
    {
        ArgumentNullException.ThrowIfNull(scores);
        double[] values = [.. scores];
        int bad = Array.FindIndex(values, double.IsNaN);
        if (bad >= 0)
            throw new ArgumentException($"{kind} score {bad} is NaN");
        Array.Sort(values);
        return values;
    }

    private static long Above(double[] sorted, double threshold)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (sorted[middle] > threshold)
                high = middle;
            else
                low = middle + 1;
        }

        return sorted.Length - low;
    }
}
