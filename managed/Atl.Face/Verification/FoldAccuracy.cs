namespace Atl.Face.Verification;

/// <summary>
/// Accuracy by cross-validation over folds, as SphereFace evaluates LFW: for each fold, the mean feature of the other folds' pairs (both
/// images of each pair, as often as they occur) is subtracted from every feature, the features are normalised and compared by cosine; the
/// threshold is the mean of those among (−10000 … 10000)/10000 that are best on the other folds; the fold's accuracy is the share of
/// genuine pairs above it and of impostor pairs below it, both strictly. A pair that cannot be scored is an error.
/// </summary>
public sealed class FoldAccuracy
{
    private const int ThresholdSteps = 10000;

    private FoldAccuracy(IReadOnlyList<FoldResult> folds)
    {
        Folds = folds;
        Mean = folds.Average(fold => fold.Accuracy);
        double squares = folds.Sum(fold => (fold.Accuracy - Mean) * (fold.Accuracy - Mean));
        StandardDeviation = folds.Count > 1 ? Math.Sqrt(squares / (folds.Count - 1)) : 0;
    }

    /// <summary>Mean accuracy over the folds that have pairs.</summary>
    public double Mean { get; }

    /// <summary>Sample standard deviation over these folds.</summary>
    public double StandardDeviation { get; }

    /// <summary>One result for each fold that has pairs.</summary>
    public IReadOnlyList<FoldResult> Folds { get; }

    /// <summary>Evaluates the protocol.</summary>
    /// <exception cref="InvalidOperationException">Fewer than two folds have pairs, so that no threshold can be chosen on others.</exception>
    public static FoldAccuracy Compute(FeatureMatrix features, PairList list)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(list);
        int[] used = [.. list.Pairs.Select(pair => pair.Fold).Distinct().Order()];
        if (used.Length < 2)
            throw new InvalidOperationException($"cross-validation needs pairs in two folds or more, found them in {used.Length} of {list.Folds}");
        VerificationIssues issues = list.Check(features);
        var unscored = new HashSet<int>(issues.UnscoredPairs);
        var results = new List<FoldResult>();
        foreach (int fold in used)
        {
            double[] mean = MeanOfOthers(features, list.Pairs, fold, unscored);
            double[] scores = CosineScores.Compute(features, list.Pairs, mean);
            double threshold = BestThreshold(scores, list.Pairs, fold);
            int pairs = 0, right = 0;
            for (int i = 0; i < scores.Length; i++)
            {
                if (list.Pairs[i].Fold != fold)
                    continue;
                pairs++;
                if (list.Pairs[i].Same ? scores[i] > threshold : scores[i] < threshold)
                    right++;
            }

            results.Add(new FoldResult(fold, pairs, threshold, (double)right / pairs));
        }

        return new FoldAccuracy(results);
    }

    private static double[] MeanOfOthers(FeatureMatrix features, IReadOnlyList<FacePair> pairs, int fold, HashSet<int> unscored)
    {
        var mean = new double[features.Columns];
        long count = 0;
        for (int i = 0; i < pairs.Count; i++)
        {
            if (pairs[i].Fold == fold || unscored.Contains(i))
                continue;
            ReadOnlySpan<float> first = features[pairs[i].First], second = features[pairs[i].Second];
            for (int k = 0; k < mean.Length; k++)
                mean[k] += (double)first[k] + second[k];
            count += 2;
        }

        for (int k = 0; k < mean.Length && count > 0; k++)
            mean[k] /= count;
        return mean;
    }

    /// <summary>The mean of the thresholds that are right most often on every fold but one.</summary>
    internal static double BestThreshold(double[] scores, IReadOnlyList<FacePair> pairs, int leftOut)
    {
        var genuine = new List<double>();
        var impostor = new List<double>();
        for (int i = 0; i < scores.Length; i++)
        {
            if (pairs[i].Fold != leftOut && !double.IsNaN(scores[i]))
                (pairs[i].Same ? genuine : impostor).Add(scores[i]);
        }

        genuine.Sort();
        impostor.Sort();

        // With the scores sorted, one walk over the rising thresholds counts exactly what 20,001 separate counts would.
        int notAbove = 0, below = 0, best = -1;
        double sum = 0;
        long ties = 0;
        for (int step = -ThresholdSteps; step <= ThresholdSteps; step++)
        {
            double threshold = (double)step / ThresholdSteps;
            while (notAbove < genuine.Count && genuine[notAbove] <= threshold)
                notAbove++;
            while (below < impostor.Count && impostor[below] < threshold)
                below++;
            int right = genuine.Count - notAbove + below;
            if (right > best)
                (best, sum, ties) = (right, 0, 0);
            if (right == best)
            {
                sum += threshold;
                ties++;
            }
        }

        return sum / ties;
    }
}

/// <summary>The accuracy of one fold.</summary>
/// <param name="Fold">Which.</param>
/// <param name="Pairs">Pairs in it, unscored ones included.</param>
/// <param name="Threshold">The cosine chosen on the other folds.</param>
/// <param name="Accuracy">Share of its pairs told rightly.</param>
public readonly record struct FoldResult(int Fold, int Pairs, double Threshold, double Accuracy);
