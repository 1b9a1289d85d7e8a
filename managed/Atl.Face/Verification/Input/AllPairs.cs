namespace Atl.Face.Verification;

/// <summary>
/// Compares every image of a set with every other: n(n − 1)/2 pairs, as blocked products of normalized features. The
/// score matrix is never held. A first pass counts the scores by bins of 2⁻²⁰; a second one computes the pairs around
/// the thresholds again in double precision, so that the rates and thresholds of TAR@FAR and EER are those of
/// <see cref="CosineScores"/> to the last bit. The area under the curve comes from the bins.
/// </summary>
internal sealed class AllPairs
{
    private AllPairs(CountedScores scores, IReadOnlyList<int> leftOut, PairRefinement? second)
    {
        Scores = scores;
        LeftOut = leftOut;
        HardestGenuine = second?.HardestGenuine() ?? [];
        HardestImpostor = second?.HardestImpostor() ?? [];
        Intervals = second?.Intervals();
    }

    /// <summary>The scores of all pairs.</summary>
    public CountedScores Scores { get; }

    /// <summary>Images whose feature is missing, zero or not finite: they are in no pair.</summary>
    public IReadOnlyList<int> LeftOut { get; }

    /// <summary>The genuine pairs with the lowest scores, lowest first.</summary>
    public IReadOnlyList<ScoredPair> HardestGenuine { get; }

    /// <summary>The impostor pairs with the highest scores, highest first.</summary>
    public IReadOnlyList<ScoredPair> HardestImpostor { get; }

    /// <summary>Confidence intervals, where they were asked for.</summary>
    public BootstrapIntervals? Intervals { get; }

    /// <summary>Compares all images; a pair is genuine when the labels are equal.</summary>
    /// <exception cref="ArgumentException">There are not as many labels as features.</exception>
    public static AllPairs Compute(FeatureMatrix features, ReadOnlySpan<int> labels, AllPairsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (labels.Length != features.Rows)
            throw new ArgumentException($"{labels.Length} labels for {features.Rows} features");
        (int[] usable, int[] leftOut) = UnitFeatures.Sort(features);
        var unit = new UnitFeatures(features, usable);
        int[] ofUsable = new int[usable.Length];
        for (int i = 0; i < usable.Length; i++)
            ofUsable[i] = labels[usable[i]];

        var histogram = new ScoreHistogram();
        ProductTiles.EachPair(unit, (firstRow, rows, firstColumn, columns, products) =>
        {
            long[] genuine = histogram.Genuine, impostor = histogram.Impostor;
            ReadOnlySpan<int> columnLabels = ofUsable.AsSpan(firstColumn, columns);
            for (int i = 0; i < rows; i++)
            {
                int label = ofUsable[firstRow + i];
                ReadOnlySpan<float> scores = products.Slice(i * columns, columns);
                for (int j = Math.Max(0, firstRow + i + 1 - firstColumn); j < scores.Length; j++)
                {
                    int bin = ScoreHistogram.BinOf(scores[j]);
                    if (columnLabels[j] == label)
                        genuine[bin]++;
                    else
                        impostor[bin]++;
                }
            }
        });
        CountedScores rounded = histogram.ToScores();
        if (rounded.Genuine == 0 || rounded.Impostor == 0)
            return new AllPairs(rounded, leftOut, null);
        var second = new PairRefinement(features, unit, ofUsable, histogram, rounded, options ?? new AllPairsOptions());
        second.Run();
        return new AllPairs(second.ToScores(), leftOut, second);
    }
}
