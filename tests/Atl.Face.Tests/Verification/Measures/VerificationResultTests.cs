using Atl.Face.Verification;

namespace Atl.Face.Tests.Verification;

[TestFixture]
public sealed class VerificationResultTests
{
    [Test]
    public void CosineByHand()
    {
        FeatureMatrix features = FeatureMatrix.FromRows([[3, 4], [4, 3], [0, 0]]);
        double[] scores = CosineScores.Compute(features, [new(0, 1, true, 0), new(0, 0, true, 0), new(0, 2, false, 0)]);
        Assert.That(scores[0], Is.EqualTo(0.96).Within(1e-15));
        Assert.That(scores[1], Is.EqualTo(1).Within(1e-15));
        Assert.That(scores[2], Is.NaN);
    }

    [Test]
    public void EveryOddityIsCountedAndNamed()
    {
        FeatureMatrix features = FeatureMatrix.FromRows([[1, 0], [1, 1], [0, 0], [float.PositiveInfinity, 0], [0, 1]]);
        var list = new PairList(
            [new(0, 1, true, 0), new(1, 0, true, 0), new(0, 0, true, 0), new(0, 2, false, 0), new(3, 4, false, 0),
                new(0, 4, false, 0), new(0, 1, true, 2),
                new(1, 4, false, 2)], 3);
        VerificationResult result = VerificationResult.Compute(features, list);
        VerificationIssues issues = result.Issues;
        Assert.Multiple(() =>
        {
            Assert.That(issues.ZeroFeatures, Is.EqualTo([2]));
            Assert.That(issues.NotFiniteFeatures, Is.EqualTo([3]));
            Assert.That(issues.UnscoredPairs, Is.EqualTo([3, 4]));
            Assert.That(issues.SelfPairs, Is.EqualTo([2]));
            Assert.That(issues.RepeatedPairs, Is.EqualTo([1, 6]));
            Assert.That(issues.EmptyFolds, Is.EqualTo([1]));
            Assert.That(result.Roc.Genuine, Is.EqualTo(4));
            Assert.That(result.Roc.Impostor, Is.EqualTo(2), "the unscored pairs are not in the ROC");
            Assert.That(issues.Describe(), Has.Count.EqualTo(6));
            Assert.That(issues.Describe()[2], Does.StartWith("2 pairs cannot be scored").And.EndsWith("(pair 3, 4)"));
        });
    }

    [Test]
    public void AbsentImagesOneSidedFoldsAndContradictionsAreListed()
    {
        FeatureMatrix features = FeatureMatrix.FromRows([[1, 0], [1, 1], [0, 1]]).WithAbsent(2);
        var list = new PairList([new(0, 1, true, 0), new(0, 2, false, 0), new(1, 2, true, 1), new(3, 4, true, 1),
            new(0, 3, true, 2), new(0, 2, false, 2)], 3);
        VerificationResult result = VerificationResult.Compute(features, list,
            new VerificationOptions { Labels = [7, 7, 8] });
        Assert.Multiple(() =>
        {
            Assert.That(result.Issues.AbsentFeatures, Is.EqualTo([3, 4]));
            Assert.That(result.Issues.UnscoredPairs, Is.EqualTo([3, 4]));
            Assert.That(result.Issues.ContradictedPairs, Is.EqualTo([2]));
            Assert.That(result.Issues.OneSidedFolds, Is.EqualTo([1]));
            Assert.That(result.Issues.RepeatedPairs, Is.EqualTo([5]));
            Assert.That(result.Issues.NotFiniteFeatures, Is.Empty);
            Assert.That((result.Roc.Genuine, result.Roc.Impostor), Is.EqualTo((2, 2)));
            Assert.That(result.Accuracy!.Folds.Select(fold => fold.Pairs), Is.EqualTo([2, 2, 2]),
                "pairs without a feature stay in their fold");
            Assert.That(result.AngularFisher,
                Is.EqualTo(AngularFisher.Compute(FeatureMatrix.FromRows([[1, 0], [1, 1], [0, 1]]), [7, 7, 8])));
        });
    }

    [Test]
    public void WrongIndicesAndFoldsAreRefused()
    {
        FeatureMatrix features = FeatureMatrix.FromRows([[1, 0], [1, 1]]);
        Assert.That(() => new PairList([new(0, 1, true, 3)], 3),
            Throws.ArgumentException.With.Message.Contains("pair 0 is of fold 3"));
        Assert.That(() => new PairList([new(0, 2, true, 0)], 1).Check(features),
            Throws.ArgumentException.With.Message.Contains("image 2, found 2"));
        Assert.That(() => FeatureMatrix.FromRows([[1, 0], [1]]),
            Throws.ArgumentException.With.Message.Contains("feature 1 has 1"));
    }

    [Test]
    public void AngularFisherByHand()
    {
        // Class 0: (1,0) and (0,1), mean at 45°; class 1: (−1,0) twice. Mean of all (−0.25, 0.25).
        FeatureMatrix features = FeatureMatrix.FromRows([[1, 0], [0, 1], [-1, 0], [-1, 0]]);
        double within = 2 * (1 - Math.Sqrt(0.5));
        double between = (2 * (1 - 0)) + (2 * (1 - Math.Sqrt(0.5)));
        Assert.That(AngularFisher.Compute(features, [0, 0, 1, 1]), Is.EqualTo(within / between).Within(1e-12));
        Assert.That(AngularFisher.Compute(features, [7, 7, 7, 7]), Is.Null, "one class");
        Assert.That(AngularFisher.Compute(FeatureMatrix.FromRows([[1, 0], [2, 0]]), [0, 1]), Is.Null, "one direction");
    }

    [Test]
    public void BalancedPairsKeepTheirPromises()
    {
        int[] labels = [.. Enumerable.Range(0, 240).Select(i => i * 7 % 40)];
        PairList list = BalancedPairs.Create(labels, 30, seed: 9);
        Assert.That(list.Pairs, Has.Count.EqualTo(600));
        Assert.That(list.Pairs, Is.EqualTo(BalancedPairs.Create(labels, 30, seed: 9).Pairs),
            "the same seed gives the same pairs");
        Assert.That(list.Pairs, Is.Not.EqualTo(BalancedPairs.Create(labels, 30, seed: 10).Pairs));
        Assert.That(list.Pairs.Select(p => (Math.Min(p.First, p.Second), Math.Max(p.First, p.Second))).Distinct()
            .Count(), Is.EqualTo(600));
        foreach (FacePair pair in list.Pairs)
            Assert.That(labels[pair.First] == labels[pair.Second], Is.EqualTo(pair.Same));
        foreach (IGrouping<int, FacePair> fold in list.Pairs.GroupBy(p => p.Fold))
            Assert.That(fold.Count(p => p.Same), Is.EqualTo(30));
        var foldOf = new Dictionary<int, int>();
        foreach (FacePair pair in list.Pairs)
        {
            foreach (int image in new[] { pair.First, pair.Second })
            {
                Assert.That(foldOf.GetValueOrDefault(labels[image], pair.Fold), Is.EqualTo(pair.Fold),
                    "an identity has one fold");
                foldOf[labels[image]] = pair.Fold;
            }
        }
    }

    [Test]
    public void SmallFoldsStayBalanced()
    {
        // Two identities with three images each: six genuine and nine impostor pairs exist; identities with one image
        // add no genuine pair.
        PairList list = BalancedPairs.Create([1, 1, 1, 2, 2, 2, 3], 100, seed: 1, folds: 1);
        Assert.That(list.Pairs.Count(p => p.Same), Is.EqualTo(6));
        Assert.That(list.Pairs.Count(p => !p.Same), Is.EqualTo(6));
        Assert.That(list.Pairs.Select(p => (Math.Min(p.First, p.Second), Math.Max(p.First, p.Second))).Distinct()
            .Count(), Is.EqualTo(12));
        Assert.That(() => BalancedPairs.Create([1, 2, 3], 5, seed: 1),
            Throws.ArgumentException.With.Message.Contains("need 20 identities, found 3"));
    }
}
