namespace Atl.Face.Verification;

/// <summary>Everything that a set of features says about a protocol.</summary>
public sealed class VerificationResult
{
    /// <summary>The false accept rates that tables show.</summary>
    public static readonly IReadOnlyList<double> DefaultRates = [0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6];

    private VerificationResult(FeatureMatrix features, PairList list, VerificationOptions options,
        ScoreDistribution? roc)
    {
        int[] labels = [.. options.Labels ?? []];
        (Features, Pairs) = (features, list);
        Issues = list.Check(features, labels);
        Scores = CosineScores.Compute(features, list.Pairs);
        Roc = roc ?? SortedScores.FromPairs(list.Pairs, Scores);
        Auc = Roc.Auc();
        (EqualErrorRate, EqualErrorThreshold) = Roc.EqualError();
        Tars = [.. options.Rates.Select(Roc.TarAt)];
        Accuracy = list.Pairs.Select(pair => pair.Fold).Distinct().Take(2).Count() == 2
            ? FoldAccuracy.Compute(features, list) : null;
        Insightface = options.InsightfaceFolds is { } folds
            ? InsightfaceAccuracy.Compute(features, list, folds, options.AddHalves) : null;
        AngularFisher = labels.Length == features.Rows - features.Absent ? Fisher(features, labels) : null;
        Intervals = options.All is { } all ? all.Intervals : options.Bootstrap is { } bootstrap && roc is null
            ? Draw(bootstrap, labels, options.Rates) : null;
    }

    /// <summary>The features.</summary>
    public FeatureMatrix Features { get; }

    /// <summary>The protocol.</summary>
    public PairList Pairs { get; }

    /// <summary>The cosine of each pair, in its order; NaN where a feature has no direction.</summary>
    public IReadOnlyList<double> Scores { get; }

    /// <summary>The scores that ROC, AUC, EER and TAR@FAR come from.</summary>
    public ScoreDistribution Roc { get; }

    /// <summary>Area under the ROC curve.</summary>
    public double Auc { get; }

    /// <summary>Equal error rate.</summary>
    public double EqualErrorRate { get; }

    /// <summary>The score at which the false accept rate reaches the false reject rate.</summary>
    public double EqualErrorThreshold { get; }

    /// <summary>True accept rates, in the order of the rates asked for.</summary>
    public IReadOnlyList<TarAtFar> Tars { get; }

    /// <summary>Cross-validated accuracy; null when the protocol has pairs in one fold only.</summary>
    public FoldAccuracy? Accuracy { get; }

    /// <summary>The accuracy by insightface's protocol, where it was asked for.</summary>
    public InsightfaceAccuracy? Insightface { get; }

    /// <summary>The angular Fisher score over all labelled features; null without labels, or where it has no value
    /// (fewer than two people).</summary>
    public double? AngularFisher { get; }

    /// <summary>Confidence intervals, where they were asked for.</summary>
    public BootstrapIntervals? Intervals { get; }

    /// <summary>What was odd about features and pairs.</summary>
    public VerificationIssues Issues { get; }

    /// <summary>Evaluates features on a protocol.</summary>
    /// <param name="features">One row an image.</param>
    /// <param name="list">The pairs; with folds, for the cross-validated accuracy.</param>
    /// <param name="rates">False accept rates; <see cref="DefaultRates"/> if null.</param>
    /// <param name="roc">Scores of more pairs to take ROC, AUC, EER and TAR@FAR from (all pairs of a set, say), instead
    /// of the protocol's own.</param>
    /// <exception cref="InvalidOperationException">No genuine or no impostor pair has a score.</exception>
    public static VerificationResult Compute(
        FeatureMatrix features, PairList list, IReadOnlyList<double>? rates = null, ScoreDistribution? roc = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(list);
        return new VerificationResult(features, list, new VerificationOptions { Rates = rates ?? DefaultRates }, roc);
    }

    /// <summary>Evaluates features on a protocol.</summary>
    /// <param name="features">One row an image.</param>
    /// <param name="list">The pairs; with folds, for the cross-validated accuracy. May be empty where all pairs are
    /// given.</param>
    /// <param name="options">What else is wanted.</param>
    /// <exception cref="InvalidOperationException">
    /// No genuine or no impostor pair has a score, or insightface's protocol has fewer pairs than folds or features of
    /// an odd length to halve.
    /// </exception>
    public static VerificationResult Compute(FeatureMatrix features, PairList list, VerificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(options);
        return new VerificationResult(features, list, options, options.All?.Scores);
    }

    private static double? Fisher(FeatureMatrix features, int[] labels)
    {
        int[] all = [.. labels, .. Enumerable.Repeat(-1, features.Absent)];
        try
        {
            return Verification.AngularFisher.Compute(features, all);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private BootstrapIntervals Draw(BootstrapOptions options, int[] labels, IReadOnlyList<double> rates)
    {
        (int[] identity, _) = Bootstrap.Number(labels);
        // Only identities that are in a pair are drawn; where a scored image has no label, identities are not known.
        bool known = labels.Length > 0 && Pairs.Pairs.Where((_, i) => !double.IsNaN(Scores[i]))
            .All(pair => Math.Max(pair.First, pair.Second) < labels.Length);
        Bootstrap bootstrap;
        int[] place = [];
        if (known)
        {
            int[] used = [.. Pairs.Pairs.SelectMany(pair => new[] { pair.First, pair.Second })
                .Where(image => image < labels.Length)
                .Select(image => identity[image]).Distinct()];
            place = new int[identity.Max() + 1];
            for (int i = 0; i < used.Length; i++)
                place[used[i]] = i;
            bootstrap = Bootstrap.OverIdentities(Roc, used.Length, options);
        }
        else
        {
            bootstrap = Bootstrap.OverPairs(Roc, options);
        }

        for (int i = 0; i < Scores.Count; i++)
        {
            if (double.IsNaN(Scores[i]))
                continue;
            FacePair pair = Pairs.Pairs[i];
            int group = bootstrap.GroupOf(Scores[i]);
            if (known)
                bootstrap.Add(group, pair.Same, place[identity[pair.First]], place[identity[pair.Second]]);
            else
                bootstrap.Add(group, pair.Same);
        }

        return bootstrap.Intervals(rates);
    }
}
