namespace Atl.Face.Verification;

/// <summary>A verification protocol: pairs of images in folds.</summary>
internal sealed class PairList
{
    /// <summary>Takes the pairs as they are; what is odd about them is counted by <see cref="Check"/>, not
    /// removed.</summary>
    /// <exception cref="ArgumentException">A fold lies outside [0, <paramref name="folds"/>), or an image number is
    /// negative (the pair is named).</exception>
    public PairList(IReadOnlyList<FacePair> pairs, int folds)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 1);
        for (int i = 0; i < pairs.Count; i++)
        {
            FacePair pair = pairs[i];
            if (pair.Fold < 0 || pair.Fold >= folds)
                throw new ArgumentException($"pair {i} is of fold {pair.Fold}, expected 0 … {folds - 1}");
            if (pair.First < 0 || pair.Second < 0)
                throw new ArgumentException($"pair {i} compares images {pair.First} and {pair.Second}; image "
                    + "numbers start at 0");
        }

        Pairs = pairs;
        Folds = folds;
    }

    /// <summary>The pairs, in the order given.</summary>
    public IReadOnlyList<FacePair> Pairs { get; }

    /// <summary>The number of folds, empty ones included.</summary>
    public int Folds { get; }

    /// <summary>Counts what is wrong with the pairs and with the features, those in no pair included.</summary>
    /// <param name="features">One row an image.</param>
    /// <param name="labels">The identity of each image, if known: pairs that say otherwise are listed. Images beyond
    /// them have none.</param>
    /// <exception cref="ArgumentException">A pair names an image beyond the features.</exception>
    public VerificationIssues Check(FeatureMatrix features, ReadOnlySpan<int> labels = default)
    {
        ArgumentNullException.ThrowIfNull(features);
        var state = new FeatureState[features.Rows];
        Parallel.For(0, state.Length, row => state[row] = features.StateOf(row));
        var issues = new VerificationIssues();
        var perFold = new (int Genuine, int Impostor)[Folds];
        var seen = new Dictionary<long, bool>(Pairs.Count);
        for (int i = 0; i < Pairs.Count; i++)
        {
            FacePair pair = Pairs[i];
            if (pair.First >= features.Rows || pair.Second >= features.Rows)
                throw new ArgumentException($"pair {i} names image {Math.Max(pair.First, pair.Second)}, found "
                    + $"{features.Rows} features");
            if (state[pair.First] != FeatureState.Usable || state[pair.Second] != FeatureState.Usable)
                issues.UnscoredPairs.Add(i);
            if (pair.First == pair.Second)
                issues.SelfPairs.Add(i);
            else
                Compare(i, pair);
            if (pair.Same)
                perFold[pair.Fold].Genuine++;
            else
                perFold[pair.Fold].Impostor++;
            if (!labels.IsEmpty && pair.First < labels.Length && pair.Second < labels.Length
                && labels[pair.First] == labels[pair.Second] != pair.Same)
                issues.ContradictedPairs.Add(i);
        }

        for (int row = 0; row < state.Length; row++)
        {
            if (state[row] == FeatureState.Zero)
                issues.ZeroFeatures.Add(row);
            else if (state[row] == FeatureState.NotFinite)
                issues.NotFiniteFeatures.Add(row);
            else if (state[row] == FeatureState.Absent)
                issues.AbsentFeatures.Add(row);
        }

        for (int fold = 0; fold < Folds; fold++)
        {
            if (perFold[fold] == (0, 0))
                issues.EmptyFolds.Add(fold);
            else if (perFold[fold].Genuine == 0 || perFold[fold].Impostor == 0)
                issues.OneSidedFolds.Add(fold);
        }

        return issues;

        void Compare(int i, FacePair pair)
        {
            // Not one number in each half: the hash code of a long is the exclusive or of its halves, which few values
            // would share among all pairs.
            long images = ((long)Math.Min(pair.First, pair.Second) * features.Rows) + Math.Max(pair.First, pair.Second);
            if (seen.TryAdd(images, pair.Same))
                return;
            issues.RepeatedPairs.Add(i);
            if (seen[images] != pair.Same)
                issues.OpposedPairs.Add(i);
        }
    }
}
