using Atl.Layers;

namespace Atl.Tests.Layers;

public class SPPLayerTests
{
    [Test]
    public void LevelsFollowOneAnother()
    {
        using LayerRun run = new(
            """type: "SPP" spp_param { pyramid_height: 2 }""", tops: 1,
            LayerRun.Blob(new Shape(1, 1, 2, 4), 1, 2, 3, 4, 8, 7, 6, 5));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 8, 2, 4, 8, 6 }));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(1, 5)));
    }

    [TestCase("pyramid_height: 0", "pyramid_height")]
    [TestCase("pyramid_height: 4", "too small for")]
    [TestCase("pyramid_height: 2 pool: STOCHASTIC", "MAX or AVE")]
    public void WhatDoesNotFitIsRefused(string parameters, string message) => Assert.That(
        () => new LayerRun($$"""type: "SPP" spp_param { {{parameters}} }""", tops: 1, new Blob(new Shape(1, 1, 2, 4))),
        Throws.TypeOf<LayerException>().With.Message.Contains(message));
}
