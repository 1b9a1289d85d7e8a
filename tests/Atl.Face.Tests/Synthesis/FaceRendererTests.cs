using Atl.Face.Datasets;
using Atl.Face.Synthesis;
using Atl.Face.Verification;

namespace Atl.Face.Tests.Synthesis;

[TestFixture]
public sealed class FaceRendererTests
{
    private const int Plane = FaceRenderer.ImageSize * FaceRenderer.ImageSize;

    [Test]
    public void APictureIsAPureFunctionOfItsNumbers()
    {
        byte[] first = Render(new FaceRenderer(), 5, 3, 2);
        var used = new FaceRenderer();
        Render(used, 8, 1, 1);
        Assert.That(Render(used, 5, 3, 2), Is.EqualTo(first), "what a renderer drew before leaves no trace");
        Assert.That(Render(used, 5, 3, 1), Is.Not.EqualTo(first));
        Assert.That(Render(used, 5, 2, 2), Is.Not.EqualTo(first));
        Assert.That(Render(used, 6, 3, 2), Is.Not.EqualTo(first));
    }

    [Test]
    public void TheSetIsTheSameHoweverItIsEnumerated()
    {
        FaceSample[] set = [.. SyntheticFaces.Create(5, 2, seed: 11)];
        Assert.That(set.Select(s => s.Label), Is.EqualTo([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]));
        FaceSample[] later = [.. SyntheticFaces.Create(2, 2, seed: 11, firstIdentity: 3)];
        Assert.That(later[2].Label, Is.EqualTo(1));
        Assert.That(later[2].Pixels, Is.EqualTo(set[8].Pixels));
        Assert.That(set[8].Pixels, Is.EqualTo(Render(new FaceRenderer(), 11, 4, 0)));
        Assert.That(set[0], Has.Property(nameof(FaceSample.Channels)).EqualTo(3).And.Property(nameof(FaceSample.Height))
            .EqualTo(112));
    }

    [Test]
    public void PicturesAreExposedAndAligned()
    {
        // Averaged over people and images what is left is the alignment: eyes and mouth darker than the cheeks
        // between, both sides alike.
        double[] mean = new double[Plane];
        FaceSample[] set = [.. SyntheticFaces.Create(24, 8, seed: 4)];
        foreach (FaceSample sample in set)
        {
            for (int i = 0; i < Plane; i++)
                mean[i] += sample.Pixels[Plane + i] / (double)set.Length;
        }

        double eyes = Patch(mean, 37, 36, 6, 3) + Patch(mean, 75, 36, 6, 3),
            cheeks = Patch(mean, 36, 58, 5, 5) + Patch(mean, 76, 58, 5, 5);
        Assert.That(eyes, Is.LessThan(cheeks - 10));
        Assert.That(Patch(mean, 56, 76, 8, 1), Is.LessThan((cheeks / 2) - 2));
        Assert.That(Patch(mean, 37, 36, 6, 3), Is.EqualTo(Patch(mean, 75, 36, 6, 3)).Within(12),
            "no side is preferred");
        Assert.That(mean.Average(), Is.InRange(70, 170));
    }

    [Test]
    public void PixelsAloneBarelyTellPeopleApart()
    {
        // What an untrained eye has: the cosine of the pixels as a net sees them, and the mean colors. Geometry is a
        // weak cue, color none.
        FaceSample[] set = [.. SyntheticFaces.Create(40, 8, seed: 77)];
        double pixels = Tar([.. set.Select(s => s.Pixels.Select(p => (p - 127.5f) / 128f).ToArray())], set);
        double colors = Tar([.. set.Select(MeanColors)], set);
        TestContext.Out.WriteLine($"TAR@FAR=0.01 of raw pixels {pixels:P2}, of mean colors {colors:P2}");
        Assert.That(pixels, Is.LessThan(0.10));
        Assert.That(colors, Is.LessThan(0.05));
    }

    [Test]
    public void PassportPhotographsOfOnePersonAreAlike()
    {
        // With little spread the same pixels tell people apart well: the identity is in the image.
        FaceSample[] set = [.. SyntheticFaces.Create(30, 5, seed: 77, difficulty: 0.05f)];
        float[][] faces = [.. set.Select(s => Middle(s.Pixels))];
        Assert.That(Tar(faces, set), Is.GreaterThan(0.45));
    }

    [Test]
    public void WrongBuffersAreRefused()
    {
        var renderer = new FaceRenderer();
        var model = new FaceModel(1, 0);
        Assert.That(() => renderer.Render(model, 0, new byte[12]),
            Throws.ArgumentException.With.Message.Contains("37632 bytes, the buffer has 12"));
        Assert.That(() => new FaceModel(1, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static byte[] Render(FaceRenderer renderer, ulong seed, int identity, int image)
    {
        byte[] planes = new byte[FaceRenderer.ImageBytes];
        renderer.Render(new FaceModel(seed, identity), image, planes);
        return planes;
    }

    private static double Patch(double[] image, int x, int y, int halfWidth, int halfHeight)
    {
        double sum = 0;
        for (int dy = -halfHeight; dy <= halfHeight; dy++)
        {
            for (int dx = -halfWidth; dx <= halfWidth; dx++)
                sum += image[((y + dy) * FaceRenderer.ImageSize) + x + dx];
        }

        return sum / (((2 * halfWidth) + 1) * ((2 * halfHeight) + 1));
    }

    private static float[] MeanColors(FaceSample sample)
        => [.. Enumerable.Range(0, 3).Select(c => (float)sample.Pixels.Skip(c * Plane).Take(Plane)
            .Average(p => (p - 127.5) / 128))];

    // The grey middle of the face, less its mean: what background and exposure leave.
    private static float[] Middle(byte[] pixels)
    {
        var values = new List<float>();
        for (int y = 24; y < 96; y++)
        {
            for (int x = 30; x < 82; x++)
                values.Add(pixels[Plane + (y * FaceRenderer.ImageSize) + x]);
        }

        float mean = values.Average();
        return [.. values.Select(v => v - mean)];
    }

    private static double Tar(float[][] features, FaceSample[] set)
    {
        var pairs = new List<FacePair>();
        for (int a = 0; a < set.Length; a++)
        {
            for (int b = a + 1; b < set.Length; b++)
            {
                if (set[a].Label == set[b].Label || (a + b) % 9 == 0)
                    pairs.Add(new FacePair(a, b, set[a].Label == set[b].Label, 0));
            }
        }

        double[] scores = CosineScores.Compute(FeatureMatrix.FromRows(features), pairs);
        return SortedScores.FromPairs(pairs, scores).TarAt(0.01).Tar!.Value;
    }
}
