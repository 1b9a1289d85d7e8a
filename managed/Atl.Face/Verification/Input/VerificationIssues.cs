namespace Atl.Face.Verification;

/// <summary>
/// The oddities of a verification run; all of them are reported. Pairs that cannot be scored (an image without a
/// feature, or a feature that is zero or not finite) count as errors in the ten-fold accuracy and are left out of the
/// ROC. Self-pairs and repeated pairs are scored as given.
/// </summary>
internal sealed class VerificationIssues
{
    /// <summary>Images that the protocol names but that have no feature.</summary>
    public IList<int> AbsentFeatures { get; } = [];

    /// <summary>Images whose feature holds NaN or infinity.</summary>
    public IList<int> NotFiniteFeatures { get; } = [];

    /// <summary>Images whose feature is zero and so has no direction.</summary>
    public IList<int> ZeroFeatures { get; } = [];

    /// <summary>Positions of pairs with such an image.</summary>
    public IList<int> UnscoredPairs { get; } = [];

    /// <summary>Positions of pairs of an image with itself.</summary>
    public IList<int> SelfPairs { get; } = [];

    /// <summary>Positions of pairs that an earlier pair already compares, in whichever order.</summary>
    public IList<int> RepeatedPairs { get; } = [];

    /// <summary>The repeated pairs that contradict the first pair of the two images.</summary>
    public IList<int> OpposedPairs { get; } = [];

    /// <summary>Positions of pairs whose images' labels say the opposite of the pair.</summary>
    public IList<int> ContradictedPairs { get; } = [];

    /// <summary>Folds without a pair.</summary>
    public IList<int> EmptyFolds { get; } = [];

    /// <summary>Folds with genuine or impostor pairs only.</summary>
    public IList<int> OneSidedFolds { get; } = [];

    /// <summary>Every kind of issue that occurred, with its places.</summary>
    public IReadOnlyList<VerificationIssue> List()
    {
        VerificationIssue[] all =
        [
            new("absent_features", "images of the protocol have no feature", "image", AbsentFeatures),
            new("not_finite_features", "features hold NaN or infinity", "image", NotFiniteFeatures),
            new("zero_features", "features are zero", "image", ZeroFeatures),
            new("unscored_pairs", "pairs cannot be scored: errors in the ten-fold accuracy, excluded from the ROC",
                "pair", UnscoredPairs),
            new("self_pairs", "pairs compare an image with itself", "pair", SelfPairs),
            new("repeated_pairs", "pairs repeat an earlier pair", "pair", RepeatedPairs),
            new("opposed_pairs", "pairs contradict an earlier pair of the same images", "pair", OpposedPairs),
            new("contradicted_pairs", "pairs contradict their images' labels", "pair", ContradictedPairs),
            new("empty_folds", "folds have no pair and are excluded from the mean", "fold", EmptyFolds),
            new("one_sided_folds", "folds have genuine or impostor pairs only", "fold", OneSidedFolds),
        ];
        return [.. all.Where(issue => issue.Places.Count > 0)];
    }

    /// <summary>One sentence for each kind of issue that occurred, naming the first few places.</summary>
    public IReadOnlyList<string> Describe() => [.. List().Select(issue => issue.Describe())];
}
