using Atl.Face.Verification;

namespace Atl.Face.Tests.Verification;

[TestFixture]
public sealed class AllPairsTests
{
    [Test]
    public void CountsByHand()
    {
        // Cosines: 0-1 1, 0-2 0, 0-3 −1, 1-2 0, 1-3 −1, 2-3 0; image 4 has no direction.
        FeatureMatrix features = FeatureMatrix.FromRows([[1, 0], [2, 0], [0, 3], [-4, 0], [0, 0]]);
        AllPairs all = AllPairs.Compute(features, [7, 7, 8, 8, 8]);
        Assert.Multiple(() =>
        {
            Assert.That(all.LeftOut, Is.EqualTo([4]));
            Assert.That(all.Scores.Genuine, Is.EqualTo(2));
            Assert.That(all.Scores.Impostor, Is.EqualTo(4));
            Assert.That(all.Scores.GenuineAbove(0.99), Is.EqualTo(1));
            Assert.That(all.Scores.GenuineAbove(1), Is.Zero, "strictly above");
            Assert.That(all.Scores.GenuineAbove(-0.001), Is.EqualTo(2));
            Assert.That(all.Scores.ImpostorAbove(0), Is.Zero);
            Assert.That(all.Scores.ImpostorAbove(double.NegativeInfinity), Is.EqualTo(4));
            Assert.That(new[] { 0, 1, 2, 3 }.Select(rank => all.Scores.ImpostorScore(rank)),
                Is.EqualTo([0.0, 0, -1, -1]));
            Assert.That(all.Scores.Corners(),
                Is.EqualTo([new RocCorner(1, 1, 0), new RocCorner(0, 2, 2), new RocCorner(-1, 2, 4)]));
        });
    }

    [TestCase(3)]
    [TestCase(64)]
    [TestCase(300)]
    public void RatesAndThresholdsAreThoseOfEveryPairScoredByItself(int images)
    {
        (FeatureMatrix features, int[] labels, SortedScores sorted) = Scored(images);
        CountedScores counted = AllPairs.Compute(features, labels, new AllPairsOptions { Rates = Rates }).Scores;
        Assert.That((counted.Genuine, counted.Impostor), Is.EqualTo((sorted.Genuine, sorted.Impostor)));
        Assert.That(counted.EqualError(), Is.EqualTo(sorted.EqualError()), "to the last bit");
        foreach (double far in Rates)
            Assert.That(counted.TarAt(far), Is.EqualTo(sorted.TarAt(far)), $"FAR {far}, to the last bit");
        Assert.That(counted.Auc(), Is.EqualTo(sorted.Auc()).Within(1e-5));
        for (int rank = 0; rank < sorted.Impostor; rank++)
            Assert.That(counted.ImpostorScore(rank), Is.EqualTo(sorted.ImpostorScore(rank))
                .Within(1.5 * ScoreHistogram.Resolution));
    }

    [Test]
    public void TheHardestPairsAreFound()
    {
        (FeatureMatrix features, int[] labels, _) = Scored(120);
        AllPairs all = AllPairs.Compute(features, labels, new AllPairsOptions { Hardest = 7 });
        FacePair[] pairs = [.. EveryPair(labels)];
        double[] scores = CosineScores.Compute(features, pairs);
        int[] rising = [.. Enumerable.Range(0, pairs.Length).OrderBy(i => scores[i])];
        Assert.That(
            all.HardestGenuine, Is.EqualTo(rising.Where(i => pairs[i].Same).Take(7)
            .Select(i => new ScoredPair(pairs[i].First, pairs[i].Second, scores[i]))));
        Assert.That(
            all.HardestImpostor, Is.EqualTo(rising.Reverse().Where(i => !pairs[i].Same).Take(7)
                .Select(i => new ScoredPair(pairs[i].First, pairs[i].Second, scores[i]))));
    }

    [Test]
    public void FeaturesThatAreAllAlikeHaveOneThreshold()
    {
        FeatureMatrix features = FeatureMatrix.FromRows([.. Enumerable.Repeat(new float[] { 1, 2, 3 }, 40)]);
        CountedScores counted = AllPairs.Compute(features, [.. Enumerable.Range(0, 40).Select(i => i / 2)]).Scores;
        Assert.That((counted.Genuine, counted.Impostor, counted.Count), Is.EqualTo((20, 760, 1)));
        Assert.That((counted.Auc(), counted.EqualErrorRate(), counted.TarAt(0.01).Tar), Is.EqualTo((0.5, 0.5, 0)));
    }

    private static readonly double[] Rates = [0.5, 0.1, 0.01, 0.001, 1e-4];

    private static (FeatureMatrix Features, int[] Labels, SortedScores Sorted) Scored(int images)
    {
        var random = new Random(images);
        int[] labels = [.. Enumerable.Range(0, images).Select(i => i / 2)];
        float[][] rows = [.. labels.Select(label =>
            Enumerable.Range(0, 21).Select(k => (float)((k == label % 21 ? 1.0 : 0) + random.NextDouble() - 0.5))
            .ToArray())];
        FeatureMatrix features = FeatureMatrix.FromRows(rows);
        FacePair[] pairs = [.. EveryPair(labels)];
        return (features, labels, SortedScores.FromPairs(pairs, CosineScores.Compute(features, pairs)));
    }

    private static IEnumerable<FacePair> EveryPair(int[] labels)
        => Enumerable.Range(0, labels.Length)
            .SelectMany(a => Enumerable.Range(a + 1, labels.Length - a - 1)
                .Select(b => new FacePair(a, b, labels[a] == labels[b], 0)));
}
