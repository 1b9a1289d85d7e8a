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
            Assert.That(new[] { 0, 1, 2, 3 }.Select(rank => all.Scores.ImpostorScore(rank)), Is.EqualTo([0.0, 0, -1, -1]));
            Assert.That(all.Scores.Corners(), Is.EqualTo([new RocCorner(1, 1, 0), new RocCorner(0, 2, 2), new RocCorner(-1, 2, 4)]));
        });
    }

    [TestCase(3)]
    [TestCase(64)]
    [TestCase(131)]
    public void AgreesWithEveryPairScoredByItself(int images)
    {
        var random = new Random(images);
        int[] labels = [.. Enumerable.Range(0, images).Select(i => i / 2)];
        float[][] rows = [.. labels.Select(label => Enumerable.Range(0, 21).Select(k => (float)((k == label % 21 ? 1.0 : 0) + random.NextDouble() - 0.5)).ToArray())];
        FeatureMatrix features = FeatureMatrix.FromRows(rows);
        var pairs = new List<FacePair>();
        for (int a = 0; a < images; a++)
        {
            for (int b = a + 1; b < images; b++)
                pairs.Add(new FacePair(a, b, labels[a] == labels[b], 0));
        }

        SortedScores sorted = SortedScores.FromPairs(pairs, CosineScores.Compute(features, pairs));
        BinnedScores binned = AllPairs.Compute(features, labels).Scores;
        Assert.That(binned.Genuine, Is.EqualTo(sorted.Genuine));
        Assert.That(binned.Impostor, Is.EqualTo(sorted.Impostor));
        Assert.That(binned.Auc(), Is.EqualTo(sorted.Auc()).Within(1e-5));
        for (int rank = 0; rank < sorted.Impostor; rank++)
            Assert.That(binned.ImpostorScore(rank), Is.EqualTo(sorted.ImpostorScore(rank)).Within(1.5 * BinnedScores.Resolution));
    }
}
