using Atl.Layers;

namespace Atl.Tests.Layers;

public class ROIPoolingLayerTests
{
    private const string Layer =
        """type: "ROIPooling" roi_pooling_param { pooled_h: 2 pooled_w: 2 spatial_scale: 0.5 }""";

    // The map's values are their places. The box from (0, 2) to (5, 6), halved and rounded, spans columns 0 to 3 and
    // rows 1 to 3: cells of 2 columns and of 1.5 rows, of which both take the middle row.
    [Test]
    public void EachCellGivesItsMaximum()
    {
        float[] places = [.. Enumerable.Range(0, 25).Select(place => (float)place)];
        using LayerRun run = new(Layer, tops: 1, LayerRun.Blob(new Shape(1, 1, 5, 5), places),
            LayerRun.Blob(new Shape(1, 5), 0, 0, 2, 5, 6));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 11, 13, 16, 18 }));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(1, 1, 2, 2)));
        run.SetTopDiff(0, 1, 2, 3, 4);
        float[] expected = new float[25];
        (expected[11], expected[13], expected[16], expected[18]) = (1, 2, 3, 4);
        Assert.That(run.Backward(), Is.EqualTo(expected));
    }

    [Test]
    public void CellsOutsideTheMapAreZeroAndBoxesOfOtherImagesAreTakenThere()
    {
        using LayerRun run = new(
            Layer, tops: 1, LayerRun.Blob(new Shape(2, 1, 2, 2), -1, -2, -3, -4, -5, -6, -7, -8),
            LayerRun.Blob(new Shape(2, 5), 1, 0, 0, 2, 2, 0, 40, 40,
                50, 50));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { -5, -6, -7, -8, 0, 0, 0, 0 }));
        run.SetTopDiff(0, 1, 1, 1, 1, 1, 1, 1, 1);
        Assert.That(run.Backward(), Is.EqualTo(new float[] { 0, 0, 0, 0, 1, 1, 1, 1 }));
    }

    [TestCase(2f, "image 2")]
    [TestCase(-1f, "image -1")]
    [TestCase(float.NaN, "image")]
    public void AnImageThatIsNotThereIsRefused(float image, string problem)
    {
        using LayerRun run = new(Layer, tops: 1, new Blob(new Shape(2, 1, 2, 2)),
            LayerRun.Blob(new Shape(1, 5), image, 0, 0, 1, 1));
        Assert.That(() => run.Forward(), Throws.TypeOf<LayerException>().With.Message.Contains(problem));
    }

    [Test]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.That(() => new LayerRun("type: 'ROIPooling'", 1, new Blob(new Shape(1, 1, 2, 2)),
            new Blob(new Shape(1, 5))),
            Throws.TypeOf<LayerException>().With.Message.Contains("pooled_h"));
        Assert.That(() => new LayerRun(Layer, 1, new Blob(new Shape(1, 1, 2, 2)), new Blob(new Shape(1, 4))),
            Throws.TypeOf<LayerException>().With.Message.Contains("boxes of 5 numbers"));
    }
}
