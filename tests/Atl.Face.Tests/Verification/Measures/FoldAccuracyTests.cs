using Atl.Face.Verification;

namespace Atl.Face.Tests.Verification;

[TestFixture]
public sealed class FoldAccuracyTests
{
    [Test]
    public void ThresholdIsTheMeanOfTheBestOnes()
    {
        // Genuine at 0.5 and 0.9, impostor at 0.1 and −0.3: every threshold with 0.1 < t < 0.5 is right four times.
        FacePair[] pairs = [new(0, 1, true, 0), new(0, 1, true, 0), new(0, 1, false, 0), new(0, 1, false, 0),
            new(0, 1, true, 1)];
        double threshold = FoldAccuracy.BestThreshold([0.5, 0.9, 0.1, -0.3, -1], pairs, leftOut: 1);

        // 0.1001 … 0.4999 in steps of 0.0001; the ends are excluded by the strict inequalities.
        Assert.That(threshold, Is.EqualTo(0.3).Within(1e-12));
    }

    [Test]
    public void TwoFoldsByHand()
    {
        // Fold 0: genuine (1,0)-(1,0.2), impostor (1,0)-(0,1). Fold 1: genuine (0,1)-(0.2,1), impostor (0,1)-(1,0).
        // The mean for fold 0 is that of fold 1's pairs: ((0,1) + (0.2,1) + (0,1) + (1,0)) / 4 = (0.3, 0.75).
        FeatureMatrix features = FeatureMatrix.FromRows([[1, 0], [1, 0.2f], [0, 1], [0.2f, 1]]);
        var list = new PairList([new(0, 1, true, 0), new(0, 2, false, 0), new(2, 3, true, 1), new(2, 0, false, 1)], 2);
        CrossValidatedAccuracy accuracy = FoldAccuracy.Compute(features, list)!;

        // Fold 0's threshold comes from fold 1's scores after (0.3, 0.75) is subtracted:
        // genuine (−0.3, 0.25)·(−0.1, 0.25) = 0.0925 / (0.390512 · 0.269258) = 0.87971; impostor (−0.3, 0.25)·(0.7,
        // −0.75) = −0.3975 / (0.390512 · 1.025914) = −0.99218.
        // Best thresholds −0.9921 … 0.8797, mean −0.0562.
        Assert.That(accuracy.Folds[0].Threshold, Is.EqualTo(-0.0562).Within(1e-9));
        Assert.That(accuracy.Folds[0].Accuracy, Is.EqualTo(1));
        Assert.That(accuracy.Folds[1].Threshold, Is.EqualTo(accuracy.Folds[0].Threshold).Within(1e-9),
            "the folds mirror each other");
        Assert.That(accuracy.Mean, Is.EqualTo(1));
    }

    [Test]
    public void AgreesWithTheDefinitionCountedPlainly([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        float[][] features = new float[60][];
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = new float[5];
            for (int k = 0; k < 5; k++)
                features[i][k] = (float)((k == i / 2 % 5 ? 1.0 : 0.3) + random.NextDouble());
        }

        var pairs = new List<FacePair>();
        for (int i = 0; i < 200; i++)
            pairs.Add(new FacePair(random.Next(60), random.Next(60), random.Next(2) == 0, random.Next(10)));
        for (int i = 0; i < 100; i++)
        {
            int identity = random.Next(30);
            pairs.Add(new FacePair(2 * identity, (2 * identity) + 1, true, random.Next(10)));
        }

        CrossValidatedAccuracy fast = FoldAccuracy.Compute(FeatureMatrix.FromRows(features), new PairList(pairs, 10))!;
        for (int fold = 0; fold < 10; fold++)
        {
            (double threshold, double accuracy) = PlainFold(features, pairs, fold);
            Assert.That(fast.Folds[fold].Threshold, Is.EqualTo(threshold).Within(1e-12));
            Assert.That(fast.Folds[fold].Accuracy, Is.EqualTo(accuracy).Within(1e-12));
        }
    }

    [Test]
    public void APairThatCannotBeScoredIsAnError()
    {
        FeatureMatrix features = FeatureMatrix.FromRows([[1, 0], [1, 0.2f], [0, 1], [0.2f, 1], [float.NaN, 1]]);
        var list = new PairList([new(0, 1, true, 0), new(0, 2, false, 0), new(0, 4, true, 0), new(2, 4, false, 0),
            new(2, 3, true, 1), new(2, 0, false, 1)], 2);
        CrossValidatedAccuracy accuracy = FoldAccuracy.Compute(features, list)!;
        Assert.That(accuracy.Folds[0].Accuracy, Is.EqualTo(0.5));
        Assert.That(accuracy.Folds[1].Accuracy, Is.EqualTo(1), "the unscored pairs of fold 0 do not spoil its mean");
    }

    [Test]
    public void EmptyFoldsAreLeftOutAndOneFoldHasNoAccuracy()
    {
        FeatureMatrix features = FeatureMatrix.FromRows([[1, 0], [1, 0.2f], [0, 1], [0.2f, 1]]);
        var list = new PairList([new(0, 1, true, 0), new(0, 2, false, 0), new(2, 3, true, 4), new(2, 0, false, 4)], 5);
        Assert.That(FoldAccuracy.Compute(features, list)!.Folds.Select(fold => fold.Fold), Is.EqualTo([0, 4]));
        Assert.That(list.Check(features).EmptyFolds, Is.EqualTo([1, 2, 3]));

        var one = new PairList([new(0, 1, true, 0), new(0, 2, false, 0)], 3);
        Assert.That(FoldAccuracy.Compute(features, one), Is.Null);
    }

    // SphereFace's evaluation word by word: 20,001 thresholds, each counted over all pairs.
    private static (double Threshold, double Accuracy) PlainFold(float[][] features, List<FacePair> pairs, int fold)
    {
        FacePair[] others = [.. pairs.Where(pair => pair.Fold != fold)],
            own = [.. pairs.Where(pair => pair.Fold == fold)];
        double[] mean = new double[5];
        for (int k = 0; k < 5; k++)
            mean[k] = others.SelectMany(pair => new[] { features[pair.First][k], features[pair.Second][k] })
                .Average(v => (double)v);

        double best = -1;
        var thresholds = new List<double>();
        double[] otherScores = [.. others.Select(Score)];
        for (int step = -10000; step <= 10000; step++)
        {
            double share = Share(others, otherScores, step / 10000.0);
            if (share > best)
                (best, thresholds) = (share, []);
            if (share == best)
                thresholds.Add(step / 10000.0);
        }

        double threshold = thresholds.Average();
        return (threshold, Share(own, [.. own.Select(Score)], threshold));

        double Score(FacePair pair)
        {
            double[] x = [.. features[pair.First].Select((v, k) => v - mean[k])],
                y = [.. features[pair.Second].Select((v, k) => v - mean[k])];
            double nx = Math.Sqrt(x.Sum(v => v * v)), ny = Math.Sqrt(y.Sum(v => v * v));
            return Math.Clamp(x.Zip(y, (a, b) => a * b).Sum() / (nx * ny), -1, 1);
        }

        static double Share(FacePair[] of, double[] scores, double t)
            => of.Select((pair, i) => pair.Same ? scores[i] > t : scores[i] < t)
            .Count(right => right) / (double)of.Length;
    }
}
