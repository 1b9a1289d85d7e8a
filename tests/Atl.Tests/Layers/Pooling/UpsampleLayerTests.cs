using Atl.Layers;

namespace Atl.Tests.Layers;

public class UpsampleLayerTests
{
    [Test]
    public void YolosRepeatsEveryPixel()
    {
        using LayerRun run = new("""type: "Upsample" upsample_param { scale: 2 }""", tops: 1,
            LayerRun.Blob(new Shape(1, 1, 2, 2), 1, 2, 3, 4));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4 }));
        run.SetTopDiff(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
        Assert.That(run.Backward(),
            Is.EqualTo(new float[] { 1 + 2 + 5 + 6, 3 + 4 + 7 + 8, 9 + 10 + 13 + 14, 11 + 12 + 15 + 16 }));
    }

    // The mask names the places of a 3 x 3 image; -1 is none, and of two values with one place the last stays.
    [Test]
    public void SegNetsPutsValuesBackToTheirPlaces()
    {
        using LayerRun run = new(
            """type: "Upsample" upsample_param { upsample_h: 3 upsample_w: 3 }""", tops: 1,
            LayerRun.Blob(new Shape(1, 2, 1, 2), 1, 2, 3, 4), LayerRun.Blob(new Shape(1, 2, 1, 2), 8, 0, 4, -1));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0, 0, 0, 0 }));
        run.SetTopDiff(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18);
        Assert.That(run.Backward(), Is.EqualTo(new float[] { 9, 1, 14, 0 }));
        LayerRun.Blob(new Shape(4), 8, 8, 0, 0).Data.AsReadOnlySpan().CopyTo(run.Bottom[1].Data.AsWriteOnlySpan());
        Assert.That(run.Forward(), Has.ItemAt(8).EqualTo(2f));
    }

    [Test]
    public void ThePoolingsOwnMaskBringsItsMaximaBack()
    {
        using LayerRun pooling = new("""type: "Pooling" pooling_param { kernel_size: 2 stride: 2 }""", tops: 2,
            LayerRun.Random(new Shape(2, 16, 5, 4)));
        float[] image = LayerRun.Values(pooling.Bottom[0].Data), maxima = pooling.Forward();
        using LayerRun run = new("""type: "Upsample" upsample_param { scale: 2 pad_out_h: true }""", tops: 1,
            [.. pooling.Top]);
        float[] restored = run.Forward();
        Assert.That(run.Top[0].Shape, Is.EqualTo(pooling.Bottom[0].Shape));
        Assert.That(restored.Count(value => value != 0), Is.EqualTo(maxima.Length));
        Assert.That(restored.Select((value, i) => value == 0 || value == image[i]), Has.All.True);
    }

    [Test]
    public void APlaceOutsideIsRefused()
    {
        using LayerRun run = new(
            """type: "Upsample" upsample_param { scale: 2 }""", tops: 1, LayerRun.Blob(new Shape(1, 1, 1, 1), 1),
            LayerRun.Blob(new Shape(1, 1, 1, 1), 4));
        Assert.That(() => run.Forward(),
            Throws.TypeOf<LayerException>().With.Message.Contains("place 4").And.Message.Contains("places 0 to 3"));
    }

    [TestCase("", false, "scale must be given")]
    [TestCase("upsample_param { scale: 0 }", false, "1 or more")]
    [TestCase("upsample_param { upsample_h: 4 upsample_w: 4 }", false, "needs a second bottom")]
    [TestCase("upsample_param { upsample_h: 4 }", true, "come together")]
    [TestCase("upsample_param { scale: 2 scale_h: 2 scale_w: 2 }", true, "not both")]
    [TestCase("upsample_param { scale: 3 pad_out_w: true }", true, "scale of 2")]
    [TestCase("upsample_param { upsample_h: 0 upsample_w: 4 }", true, "dim of 0")]
    public void WhatDoesNotFitIsRefused(string parameters, bool masked, string problem)
    {
        Blob[] bottoms = [new(new Shape(1, 1, 2, 2)), new(new Shape(1, 1, 2, 2))];
        Assert.That(
            () => new LayerRun($"type: 'Upsample' {parameters}", 1, masked ? bottoms : bottoms[..1]),
            Throws.TypeOf<LayerException>().With.Message.Contains(problem));
    }
}
