using Atl.Face.Verification;

namespace Atl.Face.Tests.Verification;

/// <summary>insightface's protocol against numbers worked by hand and against its definition counted plainly.</summary>
[TestFixture]
public sealed class InsightfaceAccuracyTests
{
    [Test]
    public void TwoFoldsByHand()
    {
        // Squared distances of unit vectors: 2 − 2·cos. Pairs: 0°–60°: 1; 0°–90°: 2; 0°–180°: 4; 60°–90°: 2 − √3 =
        // 0.268.
        FeatureMatrix features = FeatureMatrix.FromRows([[2, 0], [1, MathF.Sqrt(3)], [0, 5], [-3, 0]]);
        PairList list = new([new(0, 1, true, 0), new(0, 2, false, 0), new(0, 3, true, 0), new(1, 2, true, 0)], 1);
        CrossValidatedAccuracy accuracy = InsightfaceAccuracy.Compute(features, list, 2);
        // The first fold's threshold comes from 4 (one person: below no threshold) and 0.268: from 0.27 on one of two
        // is right.
        Assert.That(accuracy.Folds[0].Threshold, Is.EqualTo(0.27).Within(1e-12));
        Assert.That(accuracy.Folds[0].Accuracy, Is.EqualTo(0.5), "2 is not below 0.27, nor is 1");
        // The second fold's comes from 1 and 2, both right from 1.01 (1 being 1 to a rounding) to 2.
        Assert.That(accuracy.Folds[1].Threshold, Is.EqualTo(1.005).Within(0.0051));
        Assert.That(accuracy.Folds[1].Accuracy, Is.EqualTo(0.5));
        Assert.That((accuracy.Mean, accuracy.StandardDeviation), Is.EqualTo((0.5, 0.0)));
    }

    [Test]
    public void AgreesWithTheDefinitionCountedPlainly([Values(1, 2, 3, 4)] int seed, [Values(2, 3, 10)] int folds)
    {
        Random random = new(seed);
        float[][] rows = [.. Enumerable.Range(0, 40)
            .Select(_ => Enumerable.Range(0, 6).Select(_ => (float)random.NextDouble() - 0.4f).ToArray())];
        FacePair[] pairs = [.. Enumerable.Range(0, 47)
            .Select(i => new FacePair(random.Next(40), random.Next(40), random.Next(2) == 0, 0))];
        CrossValidatedAccuracy accuracy =
            InsightfaceAccuracy.Compute(FeatureMatrix.FromRows(rows), new PairList(pairs, 1), folds);
        double[] distances = [.. pairs.Select(pair => Distance(rows[pair.First], rows[pair.Second]))];
        List<double> expected = [];
        int first = 0;
        for (int fold = 0; fold < folds; fold++)
        {
            int count = (pairs.Length / folds) + (fold < pairs.Length % folds ? 1 : 0);
            int[] test = [.. Enumerable.Range(first, count)],
                train = [.. Enumerable.Range(0, pairs.Length).Except(test)];
            double threshold = Enumerable.Range(0, 400).Select(i => i * 0.01)
                .MaxBy(t => train.Count(i => (distances[i] < t) == pairs[i].Same));
            expected.Add((double)test.Count(i => (distances[i] < threshold) == pairs[i].Same) / count);
            Assert.That(accuracy.Folds[fold].Threshold, Is.EqualTo(threshold).Within(1e-12));
            Assert.That(accuracy.Folds[fold].Pairs, Is.EqualTo(count));
            first += count;
        }
        Assert.That(accuracy.Folds.Select(fold => fold.Accuracy), Is.EqualTo(expected));
        Assert.That(accuracy.Mean, Is.EqualTo(expected.Average()).Within(1e-12));
        double variance = expected.Average(value => (value - expected.Average()) * (value - expected.Average()));
        Assert.That(accuracy.StandardDeviation, Is.EqualTo(Math.Sqrt(variance)).Within(1e-12));
    }

    [Test]
    public void HalvesAreAdded()
    {
        FeatureMatrix halves = FeatureMatrix.FromRows([[1, 0, 2, 1], [0, 1, 5, -2], [1, 1, -3, 1]]),
            sums = FeatureMatrix.FromRows([[3, 1], [5, -1], [-2, 2]]);
        PairList list = new([new(0, 1, true, 0), new(0, 2, false, 0), new(1, 2, false, 0), new(1, 0, true, 0)], 1);
        Assert.That(InsightfaceAccuracy.Compute(halves, list, 2, addHalves: true).Folds,
            Is.EqualTo(InsightfaceAccuracy.Compute(sums, list, 2).Folds));
        Assert.That(() => InsightfaceAccuracy.Compute(FeatureMatrix.FromRows([[1, 2, 3], [1, 2, 3], [1, 2, 3]]), list,
            2, addHalves: true),
            Throws.TypeOf<MeasureException>().With.Message.Contains("features of 3 values have no halves"));
    }

    [Test]
    public void APairWithoutAScoreIsAnError()
    {
        FeatureMatrix features = FeatureMatrix.FromRows([[1, 0], [1, 0], [0, 0], [float.NaN, 1]]);
        PairList list = new([new(0, 1, true, 0), new(0, 2, false, 0), new(0, 1, true, 0), new(3, 1, true, 0)], 1);
        Assert.That(InsightfaceAccuracy.Compute(features, list, 2).Folds.Select(fold => fold.Accuracy),
            Is.EqualTo([0.5, 0.5]));
    }

    [TestCase(5, "needs a pair for each of 5 folds, found 4 pairs")]
    [TestCase(1, "two folds or more, found 1")]
    public void FoldsThatCannotBeAreRefused(int folds, string message) => Assert.That(
        () => InsightfaceAccuracy.Compute(
            FeatureMatrix.FromRows([[1, 0], [0, 1]]),
                new PairList([.. Enumerable.Repeat(new FacePair(0, 1, true, 0), 4)], 1), folds),
        Throws.TypeOf<MeasureException>().With.Message.Contains(message));

    private static double Distance(float[] a, float[] b)
    {
        double one = Math.Sqrt(a.Sum(x => (double)x * x)), other = Math.Sqrt(b.Sum(x => (double)x * x));
        return a.Zip(b, (x, y) => Math.Pow((x / one) - (y / other), 2)).Sum();
    }
}
