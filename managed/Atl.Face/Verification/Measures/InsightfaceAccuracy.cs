namespace Atl.Face.Verification;

/// <summary>
/// Accuracy as insightface's verification.py measures it: features are brought to unit length, a pair is one person
/// where the squared Euclidean distance is below a threshold; the pairs are parted into folds in their order (the first
/// ones take one more where the number does not go up), and each fold is judged by the threshold among 0, 0.01, …, 3.99
/// that is right most often on the others, the lowest of several. A pair that cannot be scored is an error.
/// </summary>
internal static class InsightfaceAccuracy
{
    private const int Thresholds = 400;
    private const double Step = 0.01;

    /// <summary>Evaluates pairs in their order; the standard deviation is NumPy's std, the mean square over the folds'
    /// number, not one less; thresholds are squared distances.</summary>
    /// <param name="features">One row an image.</param>
    /// <param name="list">The pairs, whose own folds are ignored.</param>
    /// <param name="folds">How many folds, at least 2.</param>
    /// <param name="addHalves">
    /// Whether the second half of a feature is that of the mirrored image and is added to the first; features of the
    /// sum or the mean of both are taken as they are.
    /// </param>
    /// <exception cref="MeasureException">
    /// There are fewer pairs than folds, fewer than 2 folds, or features have no halves.
    /// </exception>
    public static CrossValidatedAccuracy Compute(FeatureMatrix features, PairList list, int folds,
        bool addHalves = false)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(list);
        if (folds < 2)
            throw new MeasureException($"insightface's protocol has two folds or more, found {folds}");
        if (list.Pairs.Count < folds)
            throw new MeasureException($"insightface's protocol needs a pair for each of {folds} folds, "
                + $"found {list.Pairs.Count} pairs: give fewer -folds");
        if (addHalves && features.Columns % 2 != 0)
            throw new MeasureException($"features of {features.Columns} values have no halves to add, "
                + "expected those of extract -mirror concat");
        int[] steps = FirstSteps(features, list.Pairs, addHalves);
        List<FoldResult> results = [];
        for (int fold = 0, first = 0; fold < folds; fold++)
        {
            int count = (list.Pairs.Count / folds) + (fold < list.Pairs.Count % folds ? 1 : 0);
            int best = BestStep(steps, list.Pairs, first, count), right = 0;
            for (int i = first; i < first + count; i++)
            {
                if (IsRight(steps[i], list.Pairs[i].Same, best))
                    right++;
            }

            results.Add(new FoldResult(fold, count, best * Step, (double)right / count));
            first += count;
        }

        return CrossValidatedAccuracy.Of(results, results.Count);
    }

    // The first threshold above each pair's squared distance; −1 for a pair without a score.
    private static int[] FirstSteps(FeatureMatrix features, IReadOnlyList<FacePair> pairs, bool addHalves)
    {
        int[] steps = new int[pairs.Count];
        Parallel.For(0, steps.Length, i =>
        {
            double[] one = Unit(features[pairs[i].First], addHalves),
                other = Unit(features[pairs[i].Second], addHalves);
            double distance = 0;
            for (int k = 0; k < one.Length; k++)
                distance += (one[k] - other[k]) * (one[k] - other[k]);
            steps[i] = double.IsNaN(distance) ? -1 : FirstStep(distance);
        });
        return steps;
    }

    private static double[] Unit(ReadOnlySpan<float> feature, bool addHalves)
    {
        double[] unit = new double[addHalves ? feature.Length / 2 : feature.Length];
        double squares = 0;
        for (int k = 0; k < unit.Length; k++)
        {
            unit[k] = addHalves ? (double)feature[k] + feature[unit.Length + k] : feature[k];
            squares += unit[k] * unit[k];
        }

        // A feature of zeros has no direction: NaN.
        double length = Math.Sqrt(squares);
        for (int k = 0; k < unit.Length; k++)
            unit[k] /= length;
        return unit;
    }

    private static int FirstStep(double distance)
    {
        int step = Math.Clamp((int)(distance / Step), 0, Thresholds);
        while (step > 0 && distance < (step - 1) * Step)
            step--;
        while (step < Thresholds && !(distance < step * Step))
            step++;
        return step;
    }

    private static bool IsRight(int first, bool same, int threshold) =>
        first >= 0 && (same ? threshold >= first : threshold < first);

    // The threshold that is right most often outside of a fold.
    private static int BestStep(int[] steps, IReadOnlyList<FacePair> pairs, int foldStart, int foldCount)
    {
        // A genuine pair is right from its step on, an impostor pair before it.
        long[] change = new long[Thresholds + 1];
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i] < 0 || (i >= foldStart && i < foldStart + foldCount))
                continue;
            change[steps[i]] += pairs[i].Same ? 1 : -1;
            change[0] += pairs[i].Same ? 0 : 1;
        }

        long right = 0, most = -1;
        int best = 0;
        for (int step = 0; step < Thresholds; step++)
        {
            right += change[step];
            if (right > most)
                (most, best) = (right, step);
        }

        return best;
    }
}
