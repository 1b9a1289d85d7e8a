using Atl.Data;

namespace Atl.Tests.Data;

public class FeatureOdditiesTests
{
    private const string Advice = "; check that the weights belong to the net and that the input is right";

    [Test]
    public void RowsThatCannotBeFeaturesAreCounted()
    {
        FeatureOddities odd = Of([1, 2], [0, 0], [float.NaN, 1], [3, 3], [0, 0]);
        Assert.That(odd.NotFinite, Is.EqualTo(["2"]));
        Assert.That(odd.Zero, Is.EqualTo(["1", "4"]));
        Assert.That(odd.Uniform, Is.EqualTo(["3"]));
        Assert.That(odd.Lines("image"), Is.EqualTo(
        [
            "features of 1 image hold NaN or infinity, the first of '2'",
            "features of 2 images are all zeros, the first of '1'" + Advice,
            "features of 1 image hold one value over and over, the first of '3'" + Advice,
        ]));
    }

    [Test]
    public void EqualRowsAreSaidOnceAllAreEqual()
    {
        Assert.That(Of([1, 2], [1, 2], [1, 2]).Lines("row"),
            Is.EqualTo(["the features of all 3 rows are equal" + Advice]));
        Assert.That(Of([1, 2], [1, 2], [1, 3]).Lines("row"), Is.Empty);
        Assert.That(Of([0, 0], [0, 0]).Lines("row"),
            Is.EqualTo(["features of all 2 rows are all zeros, the first of '0'" + Advice]));
    }

    [Test]
    public void OneRowAndLabelsAreNotOdd()
    {
        Assert.That(Of([1, 2]).Lines("row"), Is.Empty);
        Assert.That(Of([0], [0], [0]).Lines("row"), Is.Empty);
        Assert.That(Of([0], [float.PositiveInfinity]).Lines("row"), Has.Exactly(1).Contains("NaN or infinity"));
    }

    private static FeatureOddities Of(params float[][] rows)
    {
        FeatureOddities odd = new();
        for (int i = 0; i < rows.Length; i++) odd.Add(rows[i], $"{i}");
        return odd;
    }
}
