namespace Atl.Face.Verification;

/// <summary>Everything that a set of features says about a protocol.</summary>
public sealed class VerificationResult
{
    /// <summary>The false accept rates that tables show.</summary>
    public static readonly IReadOnlyList<double> DefaultRates = [0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6];

    private VerificationResult(FeatureMatrix features, PairList list, IReadOnlyList<double> rates, ScoreDistribution? roc)
    {
        Pairs = list;
        Issues = list.Check(features);
        Scores = CosineScores.Compute(features, list.Pairs);
        Roc = roc ?? SortedScores.FromPairs(list.Pairs, Scores);
        Auc = Roc.Auc();
        EqualErrorRate = Roc.EqualErrorRate();
        Tars = [.. rates.Select(Roc.TarAt)];
        Accuracy = list.Pairs.Select(pair => pair.Fold).Distinct().Take(2).Count() == 2 ? FoldAccuracy.Compute(features, list) : null;
    }

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

    /// <summary>True accept rates, in the order of the rates asked for.</summary>
    public IReadOnlyList<TarAtFar> Tars { get; }

    /// <summary>Cross-validated accuracy; null when the protocol has pairs in one fold only.</summary>
    public FoldAccuracy? Accuracy { get; }

    /// <summary>What was odd about features and pairs.</summary>
    public VerificationIssues Issues { get; }

    /// <summary>Evaluates features on a protocol.</summary>
    /// <param name="features">One row an image.</param>
    /// <param name="list">The pairs; with folds, for the cross-validated accuracy.</param>
    /// <param name="rates">False accept rates; <see cref="DefaultRates"/> if null.</param>
    /// <param name="roc">Scores of more pairs to take ROC, AUC, EER and TAR@FAR from (all pairs of a set, say), instead of the protocol's own.</param>
    /// <exception cref="InvalidOperationException">No genuine or no impostor pair has a score.</exception>
    public static VerificationResult Compute(
        FeatureMatrix features, PairList list, IReadOnlyList<double>? rates = null, ScoreDistribution? roc = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(list);
        return new VerificationResult(features, list, rates ?? DefaultRates, roc);
    }
}
