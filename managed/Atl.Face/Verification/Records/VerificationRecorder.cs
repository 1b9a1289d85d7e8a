namespace Atl.Face.Verification;

/// <summary>Makes the record of a verification: numbers get names.</summary>
internal sealed class VerificationRecorder
{
    private const int PairsPerFold = 300;

    /// <summary>The computed result.</summary>
    public required VerificationResult Result { get; init; }

    /// <summary>All pairs, where they were compared.</summary>
    public AllPairs? All { get; init; }

    /// <summary>The source of the features.</summary>
    public required FeatureSource Features { get; init; }

    /// <summary>The names of the images that have features.</summary>
    public required ImageNames Names { get; init; }

    /// <summary>The list of pairs; null where there is none.</summary>
    public PairFile? Pairs { get; init; }

    /// <summary>The identity of each image that has a feature; null if identities are unknown.</summary>
    public IReadOnlyList<string>? Identities { get; init; }

    /// <summary>The number of the hardest pairs of each kind to keep.</summary>
    public int Hardest { get; init; } = 20;

    /// <summary>
    /// Verifies a set by all its pairs. The accuracy is that of 300 genuine and 300 impostor pairs a fold, drawn so
    /// that folds share no person.
    /// </summary>
    /// <param name="features">One row an image.</param>
    /// <param name="source">Where they came from.</param>
    /// <param name="names">The images' names.</param>
    /// <param name="identities">Who is on each image.</param>
    /// <param name="options">Rates and intervals; labels and pairs come from the identities.</param>
    /// <param name="folds">How many folds; there are fewer where fewer than two identities a fold are there, and no
    /// accuracy for less than two.</param>
    /// <param name="seed">Chooses the folds' pairs.</param>
    /// <param name="hardest">How many of the hardest pairs of each kind are kept.</param>
    /// <exception cref="MeasureException">No genuine or no impostor pair has a score.</exception>
    public static VerificationRecorder OfAllPairs(
        FeatureMatrix features, FeatureSource source, ImageNames names, IReadOnlyList<string> identities,
        VerificationOptions options, int folds, ulong seed, int hardest)
    {
        ArgumentNullException.ThrowIfNull(options);
        int[] labels = Verification.Identities.Number(identities);
        AllPairs all = AllPairs.Compute(features, labels,
            new AllPairsOptions { Rates = options.Rates, Bootstrap = options.Bootstrap, Hardest = hardest });
        int possible = Math.Min(folds, labels.Distinct().Count() / 2);
        PairList drawn = possible > 1 ? BalancedPairs.Create(labels, PairsPerFold, seed, possible)
            : new PairList([], 1);
        return new VerificationRecorder
        {
            Result = VerificationResult.Compute(features, drawn, options with { All = all, Labels = labels }),
            All = all,
            Features = source,
            Names = names,
            Identities = identities,
            Hardest = hardest,
        };
    }

    /// <summary>The record.</summary>
    /// <param name="projection">Whether some identities are projected into the plane, where identities are
    /// known.</param>
    public VerificationRecord Record(bool projection = true) => new()
    {
        Version = VerificationRecord.CurrentVersion,
        Features = Features,
        Pairs = new PairSource(
            Pairs is null ? "all" : Pairs.IsLfw ? "lfw" : "list", Pairs?.File, Identities?.Distinct().Count(),
            Result.Roc.Genuine, Result.Roc.Impostor, Unscored(), Result.Pairs.Folds, Result.Pairs.Pairs.Count),
        Accuracy = Result.Accuracy,
        Insightface = Result.Insightface,
        Auc = Result.Auc,
        EqualErrorRate = Result.EqualErrorRate,
        EqualErrorThreshold = Result.EqualErrorThreshold,
        TarAtFar = Result.Tars,
        AngularFisher = Result.AngularFisher,
        Intervals = Result.Intervals,
        Roc = RocCurve.Thinned(Result.Roc),
        Angles = Angles(),
        Hardest = All is null ? HardestOfList()
            : new HardestPairs([.. All.HardestGenuine.Select(Named)], [.. All.HardestImpostor.Select(Named)]),
        Projection = !projection || Identities is null
            ? null : FeatureProjection.Compute(Result.Features, Identities),
        Issues = Issues.Of(Result.Issues, Result.Pairs),
    };

    private IssueRecords Issues => new(Names, Pairs);

    private long Unscored()
    {
        if (All is null)
            return Result.Issues.UnscoredPairs.Count;
        long images = Names.Count, usable = images - All.LeftOut.Count;
        return (images * (images - 1) / 2) - (usable * (usable - 1) / 2);
    }

    private AngleCounts Angles()
    {
        long[] genuine = new long[AngleHistogram.Bins], impostor = new long[AngleHistogram.Bins];
        RocCorner before = default;
        foreach (RocCorner corner in Result.Roc.Corners())
        {
            int bin = AngleHistogram.BinOf(AngleHistogram.Degrees(corner.Score));
            genuine[bin] += corner.Genuine - before.Genuine;
            impostor[bin] += corner.Impostor - before.Impostor;
            before = corner;
        }

        return new AngleCounts(AngleHistogram.Width, genuine, impostor);
    }

    private HardestPairs HardestOfList()
    {
        IReadOnlyList<FacePair> pairs = Result.Pairs.Pairs;
        PriorityQueue<int, double> genuine = new(), impostor = new();
        for (int i = 0; i < pairs.Count; i++)
        {
            double score = Result.Scores[i];
            if (double.IsNaN(score) || pairs[i].First == pairs[i].Second)
                continue;
            // The easiest of those kept stands first and makes way.
            (PriorityQueue<int, double> queue, double ease) = pairs[i].Same ? (genuine, -score) : (impostor, score);
            if (queue.Count < Hardest)
                queue.Enqueue(i, ease);
            else if (Hardest > 0)
                queue.EnqueueDequeue(i, ease);
        }

        return new HardestPairs(Sorted(genuine), Sorted(impostor));

        NamedPair[] Sorted(PriorityQueue<int, double> queue) =>
            [.. queue.UnorderedItems.OrderByDescending(item => item.Priority).ThenBy(item => item.Element)
                .Select(item => Named(new ScoredPair(pairs[item.Element].First, pairs[item.Element].Second,
                    Result.Scores[item.Element])))];
    }

    private NamedPair Named(ScoredPair pair) =>
        new(Issues.NameOf(pair.First), Issues.NameOf(pair.Second), pair.First, pair.Second, pair.Score);
}
