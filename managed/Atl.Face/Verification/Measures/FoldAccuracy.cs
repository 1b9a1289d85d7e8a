namespace Atl.Face.Verification;

/// <summary>
/// Accuracy by cross-validation over folds, as SphereFace evaluates LFW: for each fold, the mean feature of the other
/// folds' pairs (both images of each pair, as often as they occur) is subtracted from every feature, the features are
/// normalized and compared by cosine; the threshold is the mean of those among (−10000 … 10000)/10000 that are best on
/// the other folds; the fold's accuracy is the fraction of genuine pairs above it and of impostor pairs below it, both
/// strictly. A pair that cannot be scored is an error.
/// </summary>
internal static class FoldAccuracy
{
    private const int ThresholdSteps = 10000;

    /// <summary>Evaluates the protocol; the standard deviation is that of a sample. Null where fewer than two folds
    /// have pairs, so that no threshold can be chosen on others.</summary>
    public static CrossValidatedAccuracy? Compute(FeatureMatrix features, PairList list)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(list);
        int[] used = [.. list.Pairs.Select(pair => pair.Fold).Distinct().Order()];
        if (used.Length < 2) return null;
        var scores = new CentredScores(features, list.Pairs);
        var results = new List<FoldResult>();
        foreach (int fold in used)
        {
            double[] cosines = scores.WithMean(scores.MeanOfOthers(fold));
            double threshold = BestThreshold(cosines, list.Pairs, fold);
            int pairs = 0, right = 0;
            for (int i = 0; i < cosines.Length; i++)
            {
                if (list.Pairs[i].Fold != fold)
                    continue;
                pairs++;
                if (list.Pairs[i].Same ? cosines[i] > threshold : cosines[i] < threshold)
                    right++;
            }

            results.Add(new FoldResult(fold, pairs, threshold, (double)right / pairs));
        }

        return CrossValidatedAccuracy.Of(results, results.Count - 1);
    }

    /// <summary>The mean of the thresholds that are right most often on every fold but one.</summary>
    internal static double BestThreshold(double[] scores, IReadOnlyList<FacePair> pairs, int leftOut)
    {
        // A genuine pair is right at every threshold below its score, an impostor pair at every one above it: each
        // changes the count of pairs that are right at one step, and the running sum over the steps is exactly what
        // 20,001 separate counts would give.
        long[] change = new long[(2 * ThresholdSteps) + 2];
        for (int i = 0; i < scores.Length; i++)
        {
            if (pairs[i].Fold == leftOut || double.IsNaN(scores[i]))
                continue;
            if (pairs[i].Same)
            {
                change[0]++;
                change[FirstStep(scores[i], orEqual: true)]--;
            }
            else
            {
                change[FirstStep(scores[i], orEqual: false)]++;
            }
        }

        long right = 0, best = -1, ties = 0;
        double sum = 0;
        for (int step = 0; step <= 2 * ThresholdSteps; step++)
        {
            right += change[step];
            if (right > best)
                (best, sum, ties) = (right, 0, 0);
            if (right == best)
            {
                sum += Threshold(step);
                ties++;
            }
        }

        return sum / ties;
    }

    private static double Threshold(int step) => (double)(step - ThresholdSteps) / ThresholdSteps;

    // The first step whose threshold is above a score (or equal to it); one more than there are, if none is.
    private static int FirstStep(double score, bool orEqual)
    {
        int step = Math.Clamp((int)Math.Floor(score * ThresholdSteps) + ThresholdSteps, 0, 2 * ThresholdSteps);
        while (step > 0 && Reached(step - 1))
            step--;
        while (step <= 2 * ThresholdSteps && !Reached(step))
            step++;
        return step;

        bool Reached(int at) => orEqual ? Threshold(at) >= score : Threshold(at) > score;
    }
}
