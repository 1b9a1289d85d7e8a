using Atl.Face.Detection;
using Atl.Face.Faces;

namespace Atl.Face.Tests.Detection;

internal class BoxSuppressionTests
{
    // The second box shares 50 of 100 pixels with the first: 1/3 of the union, 1/2 of the smaller. The third lies
    // within the first.
    private static readonly (FaceBox Box, float Score)[] Boxes =
        [(new(0, 0, 10, 10), 0.9f), (new(5, 0, 15, 10), 0.8f), (new(2, 2, 5, 5), 0.95f),
        (new(100, 100, 110, 110), 0.1f)];

    [TestCase(0.3f, OverlapMeasure.Union, new[] { 0.95f, 0.9f, 0.1f })]
    [TestCase(0.35f, OverlapMeasure.Union, new[] { 0.95f, 0.9f, 0.8f, 0.1f })]
    [TestCase(0.6f, OverlapMeasure.Min, new[] { 0.95f, 0.8f, 0.1f })]
    public void TheSurestOfBoxesThatOverlapStays(float threshold, OverlapMeasure measure, float[] scores) =>
        Assert.That(BoxSuppression.Apply(Boxes, item => item.Box, item => item.Score, threshold, measure)
            .Select(item => item.Score), Is.EqualTo(scores));

    [Test]
    public void OverlapsAreSharesOfAreas()
    {
        Assert.That(BoxSuppression.Overlap(Boxes[0].Box, Boxes[1].Box, OverlapMeasure.Union),
            Is.EqualTo(1f / 3).Within(1e-6));
        Assert.That(BoxSuppression.Overlap(Boxes[0].Box, Boxes[1].Box, OverlapMeasure.Min), Is.EqualTo(0.5f));
        Assert.That(BoxSuppression.Overlap(Boxes[0].Box, Boxes[3].Box, OverlapMeasure.Union), Is.Zero);
    }
}
