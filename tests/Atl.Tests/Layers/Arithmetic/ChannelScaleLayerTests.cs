using Atl.Layers;

namespace Atl.Tests.Layers;

public class ChannelScaleLayerTests
{
    // Two channels at two places of one sample, with the factors 10 and -1.
    [TestCase("", 10, -2, 30, -4, 10, -2, 30, -4, 1 * 1 + 3 * 3, 2 * 2 + 4 * 4)]
    [TestCase("do_forward: false", 1, 2, 3, 4, 10, -2, 30, -4, 10, 20)]
    [TestCase("do_backward_feature: false", 10, -2, 30, -4, 1, 2, 3, 4, 10, 20)]
    [TestCase("do_backward_scale: false", 10, -2, 30, -4, 10, -2, 30, -4, 0, 0)]
    public void EachPlaceHasAFactor(string given, params double[] expected)
    {
        using LayerRun run = Make(given, tops: 1);
        Assert.That(run.Forward(), Is.EqualTo(expected[..4]));
        run.SetTopDiff(0, 1, 2, 3, 4);
        Assert.That(run.Backward(0), Is.EqualTo(expected[4..8]));
        Assert.That(run.Backward(1), Is.EqualTo(expected[8..]));
    }

    // The mean size of the factors is (10 + 1) / 2; later forwards move it by a hundredth.
    [Test]
    public void AGlobalScaleFollowsTheMean()
    {
        using LayerRun run = Make("global_scale: true", tops: 2);
        Assert.That(run.Forward(), Is.EqualTo([5.5f, 11, 16.5f, 22]));
        Assert.That(run.Forward(top: 1), Is.EqualTo([5.5f]));
        run.Bottom[1].Data.Fill(15.5f);
        Assert.That(run.Forward(top: 1), Is.EqualTo([5.6f]).Within(1e-5f));
        Assert.That(LayerRun.Values(run.Layer.Blobs[0].Data), Is.EqualTo([5.6f]).Within(1e-5f));
        Assert.That(run.Layer.ParamPropagateDown(0), Is.False);
    }

    [TestCase("global_scale: true max_global_scale: 3", 3)]
    [TestCase("global_scale: true min_global_scale: 8", 8)]
    public void AGlobalScaleHasBounds(string given, float expected)
    {
        using LayerRun run = Make(given, tops: 2);
        Assert.That(run.Forward(top: 1), Is.EqualTo([expected]));
    }

    [Test]
    public void InTestsTheGlobalScaleStays()
    {
        using LayerRun run = Make("global_scale: true", tops: 1, "phase: TEST blobs { shape { dim: 1 } data: 4 }");
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 4, 8, 12, 16 }));
        Assert.That(LayerRun.Values(run.Layer.Blobs[0].Data), Is.EqualTo(new float[] { 4 }));
    }

    [Test]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.That(
            () => new LayerRun("type: 'ChannelScale'", 1, new Blob(new Shape(2, 3, 4)), new Blob(new Shape(2, 1))),
            Throws.TypeOf<LayerException>().With.Message.Contains("a factor for each of 2 x 4 places"));
        Assert.That(() => Make("", tops: 2),
            Throws.TypeOf<LayerException>().With.Message.Contains("top blobs, found 2"));
        Assert.That(() => Make("global_scale: true", tops: 1, "param { lr_mult: 1 }"),
            Throws.TypeOf<LayerException>().With.Message.Contains("lr_mult: 0"));
    }

    private static LayerRun Make(string given, int tops, string more = "") => new(
        $"type: 'ChannelScale' channel_scale_param {{ {given} }} {more}", tops,
        LayerRun.Blob(new Shape(1, 2, 1, 2), 1, 2, 3, 4), LayerRun.Blob(new Shape(1, 1, 1, 2), 10, -1));
}
