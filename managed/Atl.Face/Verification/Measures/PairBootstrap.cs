namespace Atl.Face.Verification;

/// <summary>The bootstrap over the pairs of a protocol.</summary>
internal static class PairBootstrap
{
    /// <summary>Confidence intervals over identities where those of all scored images are known, else over pairs.
    /// </summary>
    /// <param name="roc">The scores of the pairs.</param>
    /// <param name="pairs">The pairs.</param>
    /// <param name="scores">The score of each; NaN where it has none.</param>
    /// <param name="labels">Who is on each image; images beyond them are of nobody known.</param>
    /// <param name="rates">The false accept rates asked for.</param>
    /// <param name="options">How samples are drawn.</param>
    public static BootstrapIntervals Intervals(
        ScoreDistribution roc, IReadOnlyList<FacePair> pairs, IReadOnlyList<double> scores, int[] labels,
        IReadOnlyList<double> rates, BootstrapOptions options)
    {
        bool known = labels.Length > 0 && pairs.Where((_, i) => !double.IsNaN(scores[i]))
            .All(pair => Math.Max(pair.First, pair.Second) < labels.Length);
        int[] drawn = [];
        Bootstrap bootstrap;
        if (known)
        {
            (drawn, int identities) = IdentitiesIn(pairs, labels);
            bootstrap = Bootstrap.OverIdentities(roc, identities, options);
        }
        else
        {
            bootstrap = Bootstrap.OverPairs(roc, options);
        }
        for (int i = 0; i < scores.Count; i++)
        {
            if (double.IsNaN(scores[i])) continue;
            FacePair pair = pairs[i];
            int group = bootstrap.GroupOf(scores[i]);
            if (known) bootstrap.Add(group, pair.Same, drawn[pair.First], drawn[pair.Second]);
            else bootstrap.Add(group, pair.Same);
        }
        return bootstrap.Intervals(rates);
    }

    // The number of each image's identity, in the order in which pairs name them. Identities in no pair are not drawn.
    private static (int[] OfImage, int Count) IdentitiesIn(IReadOnlyList<FacePair> pairs, int[] labels)
    {
        Dictionary<int, int> numbers = [];
        foreach (FacePair pair in pairs)
        {
            Number(pair.First);
            Number(pair.Second);
        }
        return ([.. labels.Select(label => numbers.GetValueOrDefault(label))], numbers.Count);

        void Number(int image)
        {
            if (image < labels.Length) numbers.TryAdd(labels[image], numbers.Count);
        }
    }
}
