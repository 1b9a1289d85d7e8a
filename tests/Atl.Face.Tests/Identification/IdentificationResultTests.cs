using Atl.Face.Identification;
using Atl.Face.Verification;

namespace Atl.Face.Tests.Identification;

[TestFixture]
public sealed class IdentificationResultTests
{
    [Test]
    public void RanksAndRatesByHand()
    {
        // Gallery at 0° (1), 60° (2), 90° (3) and 40° (1 again). Probes: 10° of 1; 80° of 2, nearer to 3; 50° of 9,
        // unknown; 200° of 9; zero of 3.
        ImageSet gallery = Set([0, 60, 90, 40], [1, 2, 3, 1]);
        FeatureMatrix features = FeatureMatrix.FromRows([At(10), At(80), At(50), At(200), [0, 0]]);
        IdentificationResult result = IdentificationResult.Compute(gallery,
            new ImageSet(features, [0, 1, 2, 3, 4], [1, 2, 9, 9, 3]), [0.5, 1, 0.1]);
        Assert.Multiple(() =>
        {
            Assert.That(result.Ranks, Is.EqualTo(new int?[] { 1, 2, null, null, null }));
            Assert.That((result.Known, result.Unknown, result.GalleryPeople), Is.EqualTo((3, 2, 3)));
            Assert.That(result.ProbesLeftOut, Is.EqualTo([4]));
            Assert.That(new[] { result.Cmc(1), result.Cmc(2), result.Cmc(9) }, Is.EqualTo([1.0 / 3, 2.0 / 3, 2.0 / 3]));
            // The unknown probes' best are 10° and 110° away: at FPIR 0.5 one may pass, the threshold is cos 110°; the
            // known probe has cos 10°.
            Assert.That(result.Tpirs[0].Threshold, Is.EqualTo(Math.Cos(110 * Math.PI / 180)).Within(1e-6));
            Assert.That(result.Tpirs[0].Tar, Is.EqualTo(1.0 / 3));
            Assert.That(result.Tpirs[1].Tar, Is.EqualTo(1.0 / 3), "not at rank 1, not found at any threshold");
            Assert.That((result.Tpirs[2].Tar, result.Tpirs[2].NeededPairs), Is.EqualTo(((double?)null, 10L)));
        });
    }

    [Test]
    public void TiesCountAgainst()
    {
        ImageSet gallery = Set([0, 0, 0], [1, 2, 3]), probes = Set([5, 5], [2, 3]);
        Assert.That(IdentificationResult.Compute(gallery, probes, [0.1]).Ranks, Is.EqualTo(new int?[] { 3, 3 }));
    }

    [Test]
    public void APersonWithoutAUsableImageIsNeverFound()
    {
        FeatureMatrix features = FeatureMatrix.FromRows([[1, 0], [float.NaN, 0]]);
        IdentificationResult result = IdentificationResult.Compute(new ImageSet(features, [0, 1], [1, 2]),
            Set([0, 0], [1, 2]), [0.1]);
        Assert.That(result.Ranks, Is.EqualTo(new int?[] { 1, null }));
        Assert.That((result.Known, result.GalleryLeftOut.Single(), result.Cmc(10)), Is.EqualTo((2, 1, 0.5)));
        Assert.That(result.Tpirs, Is.Empty, "no unknown probe");
    }

    [TestCase(1)]
    [TestCase(2)]
    public void AgreesWithEveryScoreComparedPlainly(int seed)
    {
        // More gallery images than a block has columns, more probes than it has rows, several images a person, exact
        // ties.
        var random = new Random(seed);
        const int People = 900, Columns = 6;
        float[][] centres = [.. Enumerable.Range(0, People).Select(_ => Row(random, Columns))];
        int[] galleryLabels = [.. Enumerable.Range(0, 2500).Select(_ => random.Next(800))],
            probeLabels = [.. Enumerable.Range(0, 300).Select(_ => random.Next(People))];
        FeatureMatrix gallery = FeatureMatrix.FromRows([.. galleryLabels.Select(label => Near(label))]);
        FeatureMatrix probes = FeatureMatrix.FromRows([.. probeLabels.Select(label => Near(label))]);
        double[] rates = [0.5, 0.1];
        IdentificationResult result = IdentificationResult.Compute(
            ImageSet.Of(gallery, [.. Enumerable.Range(0, galleryLabels.Length)], galleryLabels),
            ImageSet.Of(probes, [.. Enumerable.Range(0, probeLabels.Length)], probeLabels), rates);

        List<double> found = [], unknown = [];
        for (int p = 0; p < probeLabels.Length; p++)
        {
            var best = new Dictionary<int, double>();
            for (int g = 0; g < galleryLabels.Length; g++)
                best[galleryLabels[g]] = Math.Max(best.GetValueOrDefault(galleryLabels[g], -2),
                    CosineScores.Cosine(gallery[g], probes[p], new double[Columns]));
            if (best.TryGetValue(probeLabels[p], out double own))
            {
                int rank = 1 + best.Count(person => person.Key != probeLabels[p] && person.Value >= own);
                Assert.That(result.Ranks[p], Is.EqualTo(rank), $"probe {p}");
                found.Add(rank == 1 ? own : double.NegativeInfinity);
            }
            else
            {
                Assert.That(result.Ranks[p], Is.Null);
                unknown.Add(best.Values.Max());
            }
        }

        Assert.That(unknown, Is.Not.Empty);
        Assert.That(result.Tpirs, Is.EqualTo(rates.Select(new SortedScores(found, unknown).TarAt)), "to the last bit");

        float[] Near(int label) => random.Next(4) == 0 ? centres[label]
            : [.. centres[label].Select(value => value + (0.3f * (random.NextSingle() - 0.5f)))];
    }

    [Test]
    public void TheFirstImageOfEachPersonIsTheGallery()
    {
        (int[] gallery, int[] probes) = GallerySplit.FirstOfEach([5, 7, 5, 8, 5, 8], singlesAreProbes: false);
        Assert.That(gallery, Is.EqualTo([0, 1, 3]));
        Assert.That(probes, Is.EqualTo([2, 4, 5]));
        (gallery, probes) = GallerySplit.FirstOfEach([5, 7, 5, 8, 5, 8], singlesAreProbes: true);
        Assert.That(gallery, Is.EqualTo([0, 3]));
        Assert.That(probes, Is.EqualTo([1, 2, 4, 5]));
    }

    private static float[] Row(Random random, int columns) =>
        [.. Enumerable.Range(0, columns).Select(_ => random.NextSingle() - 0.5f)];

    private static float[] At(double degrees) =>
        [(float)Math.Cos(degrees * Math.PI / 180), (float)Math.Sin(degrees * Math.PI / 180)];

    private static ImageSet Set(double[] degrees, int[] labels) =>
        new(FeatureMatrix.FromRows([.. degrees.Select(At)]), [.. Enumerable.Range(0, labels.Length)], labels);
}
