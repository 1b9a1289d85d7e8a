namespace Atl.Face.Verification;

/// <summary>
/// The second pass over all pairs. The pairs whose rounded score lies near a threshold (a band) are computed in double
/// precision and kept; all others are known to lie on one side of it. The hardest pairs and the bootstrap's counts are
/// taken on the way.
/// </summary>
internal sealed class PairRefinement
{
    // More pairs than this in one band (features that are all alike) are left as they were rounded.
    private const long MostPairsInBand = 20_000_000;

    private readonly FeatureMatrix _features;
    private readonly UnitFeatures _unit;
    private readonly int[] _labels;
    private readonly ScoreHistogram _histogram;
    private readonly AllPairsOptions _options;
    private readonly List<Band> _bands = [];
    private readonly byte[] _bandOf = new byte[ScoreHistogram.Bins];
    private readonly double[] _zero;
    private readonly List<ScoredPair> _hardGenuine = [], _hardImpostor = [];
    private readonly int _hardGenuineTo = -1, _hardImpostorFrom = int.MaxValue;
    private readonly Bootstrap? _bootstrap;
    private readonly ushort[] _groupOf = [];
    private readonly int[] _identityOf = [];

    /// <summary>Places the bands.</summary>
    public PairRefinement(FeatureMatrix features, UnitFeatures unit, int[] labels, ScoreHistogram histogram,
        CountedScores rounded, AllPairsOptions options)
    {
        (_features, _unit, _labels, _histogram, _options) = (features, unit, labels, histogram, options);
        _zero = new double[features.Columns];
        PlaceBands(rounded);
        if (options.Hardest > 0)
        {
            _hardGenuineTo = LowestBins(histogram.Genuine, options.Hardest);
            _hardImpostorFrom = ScoreHistogram.Bins - 1 - LowestBins([.. histogram.Impostor.Reverse()],
                options.Hardest);
        }

        if (options.Bootstrap is null)
            return;
        (_identityOf, int identities) = Bootstrap.Number(labels);
        _bootstrap = Bootstrap.OverIdentities(rounded, identities, options.Bootstrap);
        _groupOf = new ushort[ScoreHistogram.Bins];
        for (int bin = 0; bin < _groupOf.Length; bin++)
            _groupOf[bin] = (ushort)_bootstrap.GroupOf(ScoreHistogram.ScoreOf(bin));
    }

    /// <summary>Goes through all pairs.</summary>
    public void Run() => ProductTiles.EachPair(_unit, (firstRow, rows, firstColumn, columns, products) =>
    {
        for (int i = 0; i < rows; i++)
        {
            int a = firstRow + i;
            ReadOnlySpan<float> scores = products.Slice(i * columns, columns);
            for (int j = Math.Max(0, a + 1 - firstColumn); j < scores.Length; j++)
            {
                int b = firstColumn + j, bin = ScoreHistogram.BinOf(scores[j]);
                bool same = _labels[a] == _labels[b];
                if (_bandOf[bin] != 0)
                    _bands[_bandOf[bin] - 1].Add(Exact(a, b), same);
                if (same ? bin <= _hardGenuineTo : bin >= _hardImpostorFrom)
                {
                    List<ScoredPair> hard = same ? _hardGenuine : _hardImpostor;
                    hard.Add(new ScoredPair(_unit.Rows[a], _unit.Rows[b], Exact(a, b)));
                }
                _bootstrap?.Add(_groupOf[bin], same, _identityOf[a], _identityOf[b]);
            }
        }
    });

    /// <summary>The distribution: rounded scores outside the bands, exact ones inside.</summary>
    public CountedScores ToScores()
    {
        var scores = new List<double>();
        var genuine = new List<long>();
        var impostor = new List<long>();
        for (int bin = 0; bin < ScoreHistogram.Bins; bin++)
        {
            if (_bandOf[bin] != 0)
            {
                Band band = _bands[_bandOf[bin] - 1];
                foreach (RocCorner step in band.Steps())
                {
                    scores.Add(step.Score);
                    genuine.Add(step.Genuine);
                    impostor.Add(step.Impostor);
                }

                bin = band.Last;
            }
            else if (_histogram.Genuine[bin] + _histogram.Impostor[bin] > 0)
            {
                scores.Add(ScoreHistogram.ScoreOf(bin));
                genuine.Add(_histogram.Genuine[bin]);
                impostor.Add(_histogram.Impostor[bin]);
            }
        }

        return new CountedScores(scores, genuine, impostor);
    }

    /// <summary>The genuine pairs with the lowest scores.</summary>
    public IReadOnlyList<ScoredPair> HardestGenuine() =>
        [.. _hardGenuine.OrderBy(pair => pair.Score).Take(_options.Hardest)];

    /// <summary>The impostor pairs with the highest scores.</summary>
    public IReadOnlyList<ScoredPair> HardestImpostor() =>
        [.. _hardImpostor.OrderByDescending(pair => pair.Score).Take(_options.Hardest)];

    /// <summary>The bootstrap's intervals.</summary>
    public BootstrapIntervals? Intervals() => _bootstrap?.Intervals(_options.Rates);

    private double Exact(int a, int b) =>
        CosineScores.Cosine(_features[_unit.Rows[a]], _features[_unit.Rows[b]], _zero);

    // The exact score of a pair is at most `error` from its rounded one, and so is an order statistic of all scores:
    // the exact threshold lies within `error` of the rounded one, and no pair farther than twice that from it lies on
    // another side of it than its rounded score.
    private void PlaceBands(CountedScores rounded)
    {
        double error = _unit.Error + ScoreHistogram.Resolution;
        IEnumerable<double> thresholds = _options.Rates.Select(rate => rounded.TarAt(rate).Threshold).OfType<double>();
        var intervals = new List<(int First, int Last)>();
        foreach (double threshold in thresholds.Append(rounded.EqualError().Threshold).Order())
        {
            int first = ScoreHistogram.BinOf(threshold - (2 * error)),
                last = ScoreHistogram.BinOf(threshold + (2 * error));
            if (intervals.Count > 0 && first <= intervals[^1].Last)
                intervals[^1] = (intervals[^1].First, last);
            else
                intervals.Add((first, last));
        }

        foreach ((int first, int last) in intervals.Take(byte.MaxValue))
        {
            long pairs = 0;
            for (int bin = first; bin <= last; bin++)
                pairs += _histogram.Genuine[bin] + _histogram.Impostor[bin];
            if (pairs > MostPairsInBand)
                continue;
            _bands.Add(new Band(first, last));
            _bandOf.AsSpan(first, last - first + 1).Fill((byte)_bands.Count);
        }
    }

    // The first bin up to which as many pairs lie as are wanted.
    private static int LowestBins(long[] counts, int wanted)
    {
        long sum = 0;
        for (int bin = 0; bin < counts.Length; bin++)
        {
            sum += counts[bin];
            if (sum >= wanted)
                return bin;
        }

        return counts.Length - 1;
    }

    private sealed class Band(int first, int last)
    {
        private readonly List<double> _genuine = [], _impostor = [];

        public int Last { get; } = last;

        // A score that lies a little beyond the band is put to its end, so that the order of bands and bins stays.
        public void Add(double score, bool same)
        {
            List<double> scores = same ? _genuine : _impostor;
            scores.Add(Math.Clamp(score, ScoreHistogram.ScoreOf(first), ScoreHistogram.ScoreOf(Last)));
        }

        // The distinct scores, rising, with the pairs at each.
        public IEnumerable<RocCorner> Steps()
        {
            long genuine = 0, impostor = 0;
            var steps = new List<RocCorner>();
            foreach (RocCorner corner in new SortedScores(_genuine, _impostor).Corners())
            {
                steps.Add(new RocCorner(corner.Score, corner.Genuine - genuine, corner.Impostor - impostor));
                (genuine, impostor) = (corner.Genuine, corner.Impostor);
            }

            steps.Reverse();
            return steps;
        }
    }
}
