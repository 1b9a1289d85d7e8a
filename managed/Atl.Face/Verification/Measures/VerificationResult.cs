namespace Atl.Face.Verification;

/// <summary>Everything that a set of features says about a protocol.</summary>
internal sealed record VerificationResult
{
    /// <summary>The false accept rates that tables show.</summary>
    public static readonly IReadOnlyList<double> DefaultRates = [0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6];

    /// <summary>The features.</summary>
    public required FeatureMatrix Features { get; init; }

    /// <summary>The protocol.</summary>
    public required PairList Pairs { get; init; }

    /// <summary>The cosine of each pair, in its order; NaN where a feature has no direction.</summary>
    public required IReadOnlyList<double> Scores { get; init; }

    /// <summary>The scores that ROC, AUC, EER and TAR@FAR come from.</summary>
    public required ScoreDistribution Roc { get; init; }

    /// <summary>Area under the ROC curve.</summary>
    public required double Auc { get; init; }

    /// <summary>Equal error rate.</summary>
    public required double EqualErrorRate { get; init; }

    /// <summary>The score at which the false accept rate reaches the false reject rate.</summary>
    public required double EqualErrorThreshold { get; init; }

    /// <summary>True accept rates, in the order of the rates asked for, with their intervals.</summary>
    public required IReadOnlyList<TarAtFar> Tars { get; init; }

    /// <summary>Cross-validated accuracy (<see cref="FoldAccuracy"/>); null when the protocol has pairs in one fold
    /// only.</summary>
    public CrossValidatedAccuracy? Accuracy { get; init; }

    /// <summary>The accuracy by insightface's protocol (<see cref="InsightfaceAccuracy"/>), where it was asked
    /// for.</summary>
    public CrossValidatedAccuracy? Insightface { get; init; }

    /// <summary>The angular Fisher score over all labeled features; null without labels, or where it has no value
    /// (fewer than two identities).</summary>
    public double? AngularFisher { get; init; }

    /// <summary>Confidence intervals, where they were asked for.</summary>
    public BootstrapIntervals? Intervals { get; init; }

    /// <summary>The oddities of features and pairs.</summary>
    public required VerificationIssues Issues { get; init; }

    /// <summary>Evaluates features on a protocol.</summary>
    /// <param name="features">One row an image.</param>
    /// <param name="list">The pairs; with folds, for the cross-validated accuracy.</param>
    /// <param name="rates">False accept rates; <see cref="DefaultRates"/> if null.</param>
    /// <param name="roc">Scores of more pairs to take ROC, AUC, EER and TAR@FAR from (all pairs of a set, say), instead
    /// of the protocol's own.</param>
    /// <exception cref="MeasureException">No genuine or no impostor pair has a score.</exception>
    public static VerificationResult Compute(
        FeatureMatrix features, PairList list, IReadOnlyList<double>? rates = null, ScoreDistribution? roc = null) =>
        Compute(features, list, new VerificationOptions { Rates = rates ?? DefaultRates }, roc);

    /// <summary>Evaluates features on a protocol.</summary>
    /// <param name="features">One row an image.</param>
    /// <param name="list">The pairs; with folds, for the cross-validated accuracy. May be empty where all pairs are
    /// given.</param>
    /// <param name="options">What else is wanted.</param>
    /// <exception cref="MeasureException">
    /// No genuine or no impostor pair has a score, or insightface's protocol has fewer pairs than folds or features of
    /// an odd length to halve.
    /// </exception>
    public static VerificationResult Compute(FeatureMatrix features, PairList list, VerificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Compute(features, list, options, options.All?.Scores);
    }

    private static VerificationResult Compute(FeatureMatrix features, PairList list, VerificationOptions options,
        ScoreDistribution? given)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(list);
        int[] labels = [.. options.Labels ?? []];
        VerificationIssues issues = list.Check(features, labels);
        double[] scores = CosineScores.Compute(features, list.Pairs);
        ScoreDistribution roc = given ?? SortedScores.FromPairs(list.Pairs, scores);
        double auc = roc.Auc();
        (double rate, double threshold) = roc.EqualError();
        TarAtFar[] tars = [.. options.Rates.Select(roc.TarAt)];
        CrossValidatedAccuracy? accuracy = FoldAccuracy.Compute(features, list);
        CrossValidatedAccuracy? insightface = options.InsightfaceFolds is { } folds
            ? InsightfaceAccuracy.Compute(features, list, folds, options.AddHalves) : null;
        BootstrapIntervals? intervals = options.All is { } all ? all.Intervals
            : options.Bootstrap is { } bootstrap && given is null
                ? PairBootstrap.Intervals(roc, list.Pairs, scores, labels, options.Rates, bootstrap) : null;
        return new VerificationResult
        {
            Features = features,
            Pairs = list,
            Scores = scores,
            Roc = roc,
            Auc = auc,
            EqualErrorRate = rate,
            EqualErrorThreshold = threshold,
            Tars = [.. tars.Select((tar, i) =>
                tar with { Interval = tar.Tar is null ? null : intervals?.Tars[i] })],
            Accuracy = accuracy,
            Insightface = insightface,
            AngularFisher = labels.Length == features.Rows - features.Absent ? Fisher(features, labels) : null,
            Intervals = intervals,
            Issues = issues,
        };
    }

    // The images without a feature stand behind the others, and are nobody.
    private static double? Fisher(FeatureMatrix features, int[] labels) =>
        Verification.AngularFisher.Compute(features, [.. labels, .. Enumerable.Repeat(-1, features.Absent)]);
}
