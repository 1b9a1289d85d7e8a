using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class NormalizeLayerTests
{
    [Test]
    [CaffeBehaviour(CaffeBehaviour.TwoNormalizeLayers)]
    public void AFaceNetsNormalizeGivesEachSampleUnitLength()
    {
        using LayerRun run = new("""type: "Normalize" """, tops: 1, LayerRun.Blob(new Shape(2, 2), 3, 4, -5, 0));
        Assert.That(run.Forward(), Is.EqualTo([0.6f, 0.8f, -1f, 0f]).Within(1e-7));
        Assert.That(run.Layer.Blobs, Is.Empty);
    }

    // Two channels at three places of one sample: (3, 4), (0, 2), (0, 0).
    [Test]
    public void EachPlaceHasItsOwnNormAndZerosStay()
    {
        using LayerRun run = new("""type: "Normalize" """, tops: 1,
            LayerRun.Blob(new Shape(1, 2, 3), 3, 0, 0, 4, 2, 0));
        Assert.That(run.Forward(), Is.EqualTo([0.6f, 0f, 0f, 0.8f, 1f, 0f]).Within(1e-7));
        run.SetTopDiff(0, 1, 1, 1, 1, 1, 1);
        float[] dx = run.Backward();
        Assert.That(dx, Is.EqualTo([(1 - 0.6f * 1.4f) / 5, 0.5f, 0f, (1 - 0.8f * 1.4f) / 5, 0f, 0f]).Within(1e-7));
    }

    // Two samples of two channels at two places: the second is zeros.
    [TestCase("L2Norm", 0f)]
    [TestCase("NormL2", 1e-7f)]
    public void WholeSamplesAreBroughtToUnitLength(string type, float eps)
    {
        using LayerRun run = new($"type: \"{type}\"", tops: 1,
            LayerRun.Blob(new Shape(2, 2, 2), 1e-3f, 2e-3f, -2e-3f, 4e-3f, 0, 0, 0, 0));
        float norm = MathF.Sqrt(2.5e-5f + eps);
        Assert.That(run.Forward(), Is.EqualTo([1e-3f / norm, 2e-3f / norm, -2e-3f / norm, 4e-3f / norm, 0, 0, 0, 0])
            .Within(1e-6));
        Assert.That(run.Layer.Blobs, Is.Empty);
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.TwoNormalizeLayers)]
    public void SsdsNormalizeTakesOneNormASampleAndScales()
    {
        using LayerRun run = new(
            """type: "Normalize" norm_param { channel_shared: false scale_filler { type: "constant" value: 20 } eps: 19 }""",
            tops: 1, LayerRun.Blob(new Shape(1, 2, 3), 1, 2, 3, 4, 5, 5));
        run.Layer.Blobs[0].Data.AsSpan()[1] = 10;
        // 1 + 4 + 9 + 16 + 25 + 25 + 19 = 99.
        float norm = MathF.Sqrt(99);
        Assert.That(run.Forward(), Is.EqualTo([20 / norm, 40 / norm, 60 / norm, 40 / norm, 50 / norm, 50 / norm])
            .Within(1e-6));
        Assert.That(run.Layer.Blobs[0].Shape, Is.EqualTo(new Shape(2)));
    }

    [Test]
    public void TheScaleStartsAtOne()
    {
        using LayerRun run = new("""type: "Normalize" norm_param { }""", tops: 1, LayerRun.Blob(new Shape(1, 2), 3, 4));
        Assert.That(run.Forward(), Is.EqualTo([0.6f, 0.8f]).Within(1e-7));
        Assert.That(run.Layer.Blobs[0].Shape, Is.EqualTo(Shape.Scalar));
    }

    [Test]
    public void NormsAreASecondTop()
    {
        using LayerRun run = new("""type: "Normalize" """, tops: 2,
            LayerRun.Blob(new Shape(1, 2, 3), 3, 0, 0, 4, 2, 0));
        Assert.That(run.Forward(top: 1), Is.EqualTo(new float[] { 5, 2, 0 }));
        Assert.That(run.Top[1].Shape, Is.EqualTo(new Shape(1, 1, 3)));
    }

    [Test]
    public void ItsNormMayBeTheSumOfSizes()
    {
        using LayerRun run = new("""type: "Normalize" normalize_param { normalize_type: "L1" }""", tops: 2,
            LayerRun.Blob(new Shape(1, 2), 3, -1));
        Assert.That(run.Forward(), Is.EqualTo([0.75f, -0.25f]));
        Assert.That(run.Forward(top: 1), Is.EqualTo(new float[] { 4 }));
        run.SetTopDiff(0, 1, 0);
        Assert.That(run.Backward(), Is.EqualTo([(1 - 0.75f) / 4, 0.75f / 4]));
    }

    // (t - u (u t)) with u = (0.6, 0.8) and t = (1, 1), not divided by the norm 5.
    [Test]
    public void AFixedGradientIsNotDividedByTheNorm()
    {
        using LayerRun run = new("""type: "Normalize" normalize_param { fix_gradient: true }""", tops: 1,
            LayerRun.Blob(new Shape(1, 2), 3, 4));
        run.Forward();
        run.SetTopDiff(0, 1, 1);
        Assert.That(run.Backward(), Is.EqualTo([1 - 0.6f * 1.4f, 1 - 0.8f * 1.4f]).Within(1e-6f));
    }

    [Test]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.That(
            () => new LayerRun("""type: "Normalize" normalize_param { normalize_type: "L3" }""", tops: 1,
                new Blob(new Shape(4, 2))),
            Throws.TypeOf<LayerException>().With.Message.Contains("\"L1\" or \"L2\""));
        Assert.That(
            () => new LayerRun("""type: "Normalize" norm_param { }""", tops: 2, new Blob(new Shape(4, 2))),
            Throws.TypeOf<LayerException>().With.Message.Contains("top blobs, found 2"));
        Assert.That(
            () => new LayerRun("""type: "Normalize" """, tops: 1, new Blob(new Shape(4))),
            Throws.TypeOf<LayerException>().With.Message.Contains("channels"));
        Assert.That(
            () => new LayerRun("""type: "Normalize" norm_param { eps: -1 }""", tops: 1, new Blob(new Shape(4, 2))),
            Throws.TypeOf<LayerException>().With.Message.Contains("eps"));
        using LayerRun run = new("""type: "Normalize" norm_param { channel_shared: false }""", tops: 1,
            new Blob(new Shape(4, 2)));
        run.Bottom[0].Reshape(4, 3);
        Assert.That(() => run.Forward(),
            Throws.TypeOf<LayerException>().With.Message.Contains("3 channels").And.Message.Contains(
                "the 2 of the scale"));
    }
}
