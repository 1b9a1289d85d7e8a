namespace Atl.Face.Verification;

/// <summary>
/// What was odd about a verification run. Nothing odd is dropped silently: pairs that cannot be scored (a feature that is zero or not
/// finite) count as errors in the ten-fold accuracy, are left out of the ROC, and are listed here; self-pairs and repeated pairs are
/// scored as given and listed here.
/// </summary>
public sealed class VerificationIssues
{
    /// <summary>Images whose feature holds NaN or infinity.</summary>
    public IList<int> NotFiniteFeatures { get; } = [];

    /// <summary>Images whose feature is zero and so has no direction.</summary>
    public IList<int> ZeroFeatures { get; } = [];

    /// <summary>Positions of pairs with such a feature.</summary>
    public IList<int> UnscoredPairs { get; } = [];

    /// <summary>Positions of pairs of an image with itself.</summary>
    public IList<int> SelfPairs { get; } = [];

    /// <summary>Positions of pairs that an earlier pair already compares, in whichever order.</summary>
    public IList<int> RepeatedPairs { get; } = [];

    /// <summary>Folds without a pair.</summary>
    public IList<int> EmptyFolds { get; } = [];

    /// <summary>One sentence for each kind of issue that occurred, naming the first few places.</summary>
    public IReadOnlyList<string> Describe()
    {
        var lines = new List<string>();
        Add(NotFiniteFeatures, "features hold NaN or infinity", "image");
        Add(ZeroFeatures, "features are zero", "image");
        Add(UnscoredPairs, "pairs cannot be scored: errors in the ten-fold accuracy, left out of the ROC", "pair");
        Add(SelfPairs, "pairs compare an image with itself", "pair");
        Add(RepeatedPairs, "pairs repeat an earlier pair", "pair");
        Add(EmptyFolds, "folds have no pair and are left out of the mean", "fold");
        return lines;

        void Add(IList<int> places, string what, string unit)
        {
            if (places.Count > 0)
                lines.Add($"{places.Count} {what} ({unit} {string.Join(", ", places.Take(5))}{(places.Count > 5 ? ", …" : "")})");
        }
    }
}
