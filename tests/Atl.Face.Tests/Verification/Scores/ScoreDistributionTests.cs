using Atl.Face.Verification;

namespace Atl.Face.Tests.Verification;

[TestFixture]
public sealed class ScoreDistributionTests
{
    // Ten impostors 0.0 … 0.9, five genuine.
    private static readonly SortedScores ByHand = new([0.35, 0.85, 0.95, 0.99, 0.8],
        [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);

    [Test]
    public void TarAtFarByHand()
    {
        // FAR 0.1 allows one of ten: the threshold is the second highest impostor, 0.8; above it 0.85, 0.95 and 0.99 of
        // five.
        TarAtFar one = ByHand.TarAt(0.1);
        Assert.That(one.Tar, Is.EqualTo(0.6));
        Assert.That(one.Threshold, Is.EqualTo(0.8));
        Assert.That(one.FarReached, Is.EqualTo(0.1));

        // FAR 0.25 allows two of ten (2.5 rounded down): threshold 0.7.
        Assert.That(ByHand.TarAt(0.25).Tar, Is.EqualTo(0.8));
        Assert.That(ByHand.TarAt(0.25).FarReached, Is.EqualTo(0.2));
        Assert.That(ByHand.TarAt(1).Tar, Is.EqualTo(1));
        Assert.That(ByHand.TarAt(1).Threshold, Is.Null, "every pair is accepted");
        Assert.That(ByHand.TarAt(1).ToString(), Does.EndWith("(threshold -Infinity)"));
    }

    [Test]
    public void TiedImpostorsNeverExceedTheRate()
    {
        // One of four may be accepted, but the two highest are equal: accepting one means accepting both, so neither
        // is.
        var scores = new SortedScores([0.6, 0.4], [0.5, 0.5, 0.1, 0]);
        TarAtFar tar = scores.TarAt(0.25);
        Assert.That(tar.FarReached, Is.Zero);
        Assert.That(tar.Tar, Is.EqualTo(0.5));
    }

    [Test]
    public void TooFewImpostorsAreSaidNotGuessed()
    {
        TarAtFar tar = ByHand.TarAt(1e-4);
        Assert.That(new[] { tar.Tar, tar.Threshold, tar.FarReached }, Is.All.Null);
        Assert.That(tar.ToString(), Does.Contain("too few impostor pairs (10, need ≥ 10000)"));
        Assert.That(ByHand.TarAt(0.1).ToString(), Does.Contain("60.00 %"), "ten impostors are just enough for 0.1");
    }

    [Test]
    public void CountsNeededAreExactForDecimalRates()
    {
        foreach (double far in VerificationResult.DefaultRates)
            Assert.That(ByHand.TarAt(far).NeededPairs, Is.EqualTo((long)Math.Round(1 / far)));
        var thirty = new SortedScores([2.0], Enumerable.Range(0, 30).Select(i => i / 30.0));
        Assert.That(thirty.TarAt(0.1).FarReached, Is.EqualTo(0.1), "three of thirty");
    }

    [Test]
    public void AucByHand()
    {
        // Impostors below each genuine score, a tie counted half: 0.35→4, 0.85→9, 0.95→10, 0.99→10, 0.8→8.5.
        Assert.That(ByHand.Auc(), Is.EqualTo(41.5 / 50).Within(1e-15));
        Assert.That(new SortedScores([1, 1], [1, 1, 1]).Auc(), Is.EqualTo(0.5));
    }

    [Test]
    public void EqualErrorRateByHand()
    {
        // FRR at thresholds just below 0.8 is 0.2 and FAR there is 0.2.
        Assert.That(ByHand.EqualErrorRate(), Is.EqualTo(0.2).Within(1e-15));
        Assert.That(new SortedScores([0.9], [0.1]).EqualErrorRate(), Is.Zero);
        Assert.That(new SortedScores([0.1], [0.9]).EqualErrorRate(), Is.EqualTo(1));
        Assert.That(new SortedScores([0.5], [0.5]).EqualErrorRate(), Is.EqualTo(0.5), "one line from (0, 1) to (1, 0)");
    }

    [Test]
    public void AgreesWithPlainCounting()
    {
        var random = new Random(5);
        double[] genuine = [.. Enumerable.Range(0, 300).Select(_ => Math.Round(0.4 + (0.6 * random.NextDouble()), 2))];
        double[] impostor = [.. Enumerable.Range(0, 700).Select(_ => Math.Round(random.NextDouble(), 2))];
        var scores = new SortedScores(genuine, impostor);

        double auc = genuine.Sum(g => impostor.Sum(i => g > i ? 1 : (g == i ? 0.5 : 0))) / (300.0 * 700);
        Assert.That(scores.Auc(), Is.EqualTo(auc).Within(1e-12));
        foreach (double far in new[] { 0.5, 0.1, 0.05, 0.01, 0.002 })
        {
            double best = impostor.Append(double.NegativeInfinity).Where(t => impostor.Count(i => i > t) <= far * 700)
                .Max(t => genuine.Count(g => g > t) / 300.0);
            Assert.That(scores.TarAt(far).Tar, Is.EqualTo(best), $"FAR {far}");
        }
    }

    [Test]
    public void MissingKindsAndNaNAreRefused()
    {
        Assert.That(() => new SortedScores([], [0.5]).Auc(),
            Throws.TypeOf<MeasureException>().With.Message.Contains("0 and 1"));
        Assert.That(() => new SortedScores([0.1, double.NaN], []),
            Throws.ArgumentException.With.Message.Contains("genuine score 1 is NaN"));
        Assert.That(() => ByHand.TarAt(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
