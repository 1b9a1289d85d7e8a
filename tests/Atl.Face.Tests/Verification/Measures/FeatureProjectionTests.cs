using Atl.Face.Verification;

namespace Atl.Face.Tests.Verification;

public sealed class FeatureProjectionTests
{
    // The unit vectors of these angles in the plane of the first two of five values, each scaled differently: two
    // people, 80° apart.
    private static readonly double[] Degrees = [0, 10, 80, 90];

    [Test]
    public void PointsInAPlaneStayAsFarApartAsTheyAre()
    {
        FeatureMatrix features = FeatureMatrix.FromRows([.. Degrees.Select((degrees, i) => Row(degrees, i + 1))]);
        ProjectionRecord projection = FeatureProjection.Compute(features, ["a", "a", "b", "b"])!;
        Assert.That(projection.Method, Is.EqualTo("pca"));
        Assert.That(projection.FirstShare + projection.SecondShare, Is.EqualTo(1).Within(1e-5),
            "all of them lie in a plane");
        Assert.That(projection.FirstShare, Is.GreaterThan(projection.SecondShare));
        Assert.That(projection.People.Select(person => person.Name), Is.EqualTo(["a", "b"]));
        ProjectedImage[] points = [.. projection.People.SelectMany(person => person.Images)];
        Assert.That(points.Select(point => point.Row), Is.EqualTo([0, 1, 2, 3]));
        for (int i = 0; i < points.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double distance =
                    Math.Sqrt(Math.Pow(points[i].X - points[j].X, 2) + Math.Pow(points[i].Y - points[j].Y, 2));
                double chord = 2 * Math.Sin(Math.Abs(Degrees[i] - Degrees[j]) * Math.PI / 360);
                Assert.That(distance, Is.EqualTo(chord).Within(1e-5));
            }
        }
    }

    [Test]
    public void EightPeopleWithTheMostImagesAreTaken()
    {
        string[] people =
            [.. Enumerable.Range(0, 12).SelectMany(person => Enumerable.Repeat($"p{person}", 1 + (person % 4 * 10)))];
        float[][] rows = [.. people.Select((_, i) => Row(7 * i, 1))];
        rows[1] = new float[5];
        ProjectionRecord projection = FeatureProjection.Compute(FeatureMatrix.FromRows(rows), people)!;
        Assert.That(projection.People.Select(person => person.Name),
            Is.EqualTo(["p3", "p7", "p11", "p2", "p6", "p10", "p5", "p9"]));
        int[] images = [24, 24, 24, 21, 21, 21, 11, 11];
        Assert.That(projection.People.Select(person => person.Images.Count), Is.EqualTo(images),
            "p1 has a zero feature, which has no direction");
    }

    [Test]
    public void OnePersonWithImagesIsNoPicture()
    {
        FeatureMatrix features = FeatureMatrix.FromRows([.. Degrees.Select(degrees => Row(degrees, 1))]);
        Assert.That(FeatureProjection.Compute(features, ["a", "a", "a", "b"]), Is.Null);
    }

    private static float[] Row(double degrees, double length)
    {
        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);
        return [(float)(length * cosine), (float)(length * sine), 0, 0, 0];
    }
}
