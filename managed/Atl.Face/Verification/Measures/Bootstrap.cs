using System.Numerics.Tensors;

namespace Atl.Face.Verification;

/// <summary>
/// Bootstrap samples of a ROC, all at once: every pair is counted with its weight in each sample. Where identities are
/// known they are drawn, n of n with replacement, since pairs that share a person are not independent and drawing pairs
/// would give too narrow an interval: a pair of one identity weighs as often as it was drawn, a pair of two the
/// product. Otherwise the pairs are drawn, each by Poisson(1). Scores are put into groups of at most a 2,048-th of the
/// genuine pairs or a fiftieth of the impostor pairs above: up to about two thousand pairs of each kind every score has
/// a group of its own.
/// </summary>
internal sealed class Bootstrap
{
    private const double GenuineShare = 1.0 / 2048, ImpostorShare = 1.0 / 50;

    private readonly BootstrapOptions _options;
    private readonly double[] _lowest;
    private readonly int[] _genuine, _impostor;
    private readonly long[] _genuinePairs = [], _impostorPairs = [];
    private readonly int[] _weights = [];
    private readonly RandomStream _random;

    private Bootstrap(ScoreDistribution scores, BootstrapOptions options, string unit, int identities)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Replicates, 2);
        (_options, Unit) = (options, unit);
        _lowest = Groups(scores);
        _genuine = new int[_lowest.Length * options.Replicates];
        _impostor = new int[_genuine.Length];
        _random = new RandomStream(options.Seed, "bootstrap over " + unit);
        if (identities == 0)
        {
            (_genuinePairs, _impostorPairs) = (new long[_lowest.Length], new long[_lowest.Length]);
            return;
        }

        _weights = new int[checked(identities * options.Replicates)];
        for (int replicate = 0; replicate < options.Replicates; replicate++)
            for (int draw = 0; draw < identities; draw++)
                _weights[(_random.Next(identities) * options.Replicates) + replicate]++;
    }

    /// <summary>The unit of resampling.</summary>
    public string Unit { get; }

    /// <summary>Samples of identities 0 … <paramref name="identities"/> − 1.</summary>
    public static Bootstrap OverIdentities(ScoreDistribution scores, int identities, BootstrapOptions options) =>
        new(scores, options, "identities", identities);

    /// <summary>Samples of pairs.</summary>
    public static Bootstrap OverPairs(ScoreDistribution scores, BootstrapOptions options) =>
        new(scores, options, "pairs", 0);

    /// <summary>Numbers labels from 0 in the order in which they come.</summary>
    public static (int[] Identity, int Count) Number(ReadOnlySpan<int> labels)
    {
        var numbers = new Dictionary<int, int>();
        int[] identity = new int[labels.Length];
        for (int i = 0; i < identity.Length; i++)
        {
            if (!numbers.TryGetValue(labels[i], out identity[i]))
                numbers[labels[i]] = identity[i] = numbers.Count;
        }

        return (identity, numbers.Count);
    }

    /// <summary>The group of a score.</summary>
    public int GroupOf(double score)
    {
        int place = Array.BinarySearch(_lowest, score);
        return Math.Max(0, place >= 0 ? place : ~place - 1);
    }

    /// <summary>Counts a pair of two identities, which may be one.</summary>
    public void Add(int group, bool same, int first, int second)
    {
        ReadOnlySpan<int> a = Weights(first);
        Span<int> counts = Counts(group, same);
        if (first == second)
            TensorPrimitives.Add(counts, a, counts);
        else
            TensorPrimitives.MultiplyAdd(a, Weights(second), counts, counts);
    }

    /// <summary>Counts a pair that is drawn by itself.</summary>
    public void Add(int group, bool same) => (same ? _genuinePairs : _impostorPairs)[group]++;

    /// <summary>The intervals.</summary>
    public BootstrapIntervals Intervals(IReadOnlyList<double> rates)
    {
        int replicates = _options.Replicates;
        // How often n pairs are drawn in all, each by Poisson(1), is Poisson(n).
        for (int group = 0; group < _genuinePairs.Length; group++)
        {
            Draw(_genuinePairs[group], Counts(group, true));
            Draw(_impostorPairs[group], Counts(group, false));
        }

        double[] auc = new double[replicates], eer = new double[replicates];
        double[][] tars = [.. rates.Select(_ => new double[replicates])];
        double[] groups = [.. Enumerable.Range(0, _lowest.Length).Select(i => (double)i)];
        Parallel.For(0, replicates, replicate =>
        {
            CountedScores sample = new(groups, Of(_genuine), Of(_impostor));
            bool whole = sample.Genuine > 0 && sample.Impostor > 0;
            auc[replicate] = whole ? sample.Auc() : double.NaN;
            eer[replicate] = whole ? sample.EqualErrorRate() : double.NaN;
            for (int rate = 0; rate < tars.Length; rate++)
                tars[rate][replicate] = whole ? sample.TarAt(rates[rate]).Tar ?? double.NaN : double.NaN;

            long[] Of(int[] counts)
            {
                long[] values = new long[_lowest.Length];
                for (int group = 0; group < values.Length; group++)
                    values[group] = counts[(group * replicates) + replicate];
                return values;
            }
        });
        return new BootstrapIntervals(Unit, replicates, _options.Level, _options.Seed,
            ConfidenceInterval.Of(auc, _options.Level), ConfidenceInterval.Of(eer, _options.Level))
        {
            Tars = [.. tars.Select(values => ConfidenceInterval.Of(values, _options.Level))],
        };
    }

    private ReadOnlySpan<int> Weights(int identity) =>
        _weights.AsSpan(identity * _options.Replicates, _options.Replicates);

    private Span<int> Counts(int group, bool same) =>
        (same ? _genuine : _impostor).AsSpan(group * _options.Replicates, _options.Replicates);

    // The lowest score of each group, rising.
    private static double[] Groups(ScoreDistribution scores)
    {
        var lowest = new List<double>();
        double genuineAtOnce = scores.Genuine * GenuineShare;
        RocCorner before = default;
        RocCorner last = default;
        foreach (RocCorner corner in scores.Corners())
        {
            last = corner;
            if (corner.Genuine - before.Genuine <= genuineAtOnce
                && corner.Impostor - before.Impostor <= corner.Impostor * ImpostorShare)
                continue;
            lowest.Add(corner.Score);
            before = corner;
        }

        if (lowest.Count == 0 || lowest[^1] > last.Score)
            lowest.Add(last.Score);
        lowest.Reverse();
        return [.. lowest];
    }

    private void Draw(long pairs, Span<int> counts)
    {
        for (int replicate = 0; pairs > 0 && replicate < counts.Length; replicate++)
            counts[replicate] = checked((int)PoissonDraw.Next(_random, pairs));
    }
}
