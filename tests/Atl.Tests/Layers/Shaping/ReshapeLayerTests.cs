using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class ReshapeLayerTests
{
    [TestCase("shape { dim: 4 dim: 30 }", 4, 30)]
    [TestCase("shape { dim: 0 dim: -1 }", 2, 60)]
    [TestCase("shape { dim: 0 dim: 0 dim: -1 dim: 1 }", 2, 3, 20, 1)]
    [TestCase("axis: 1 num_axes: 2 shape { dim: -1 }", 2, 12, 5)]
    [TestCase("axis: 1 num_axes: 0 shape { dim: 1 dim: 1 }", 2, 1, 1, 3, 4, 5)]
    [TestCase("axis: -1 shape { dim: 1 }", 2, 3, 4, 5, 1)]
    [TestCase("axis: -2 shape { dim: 5 dim: 1 }", 2, 3, 4, 5, 1)]
    [TestCase("axis: 1 shape { dim: 0 dim: -1 }", 2, 3, 20)]
    [CaffeBehaviour(CaffeBehaviour.Reshape)]
    [CaffeBehaviour(CaffeBehaviour.ReshapeAxisMinusOne)]
    public void TheShapeIsReplaced(string parameters, params int[] expected)
    {
        using LayerRun run = new($$"""type: "Reshape" reshape_param { {{parameters}} }""", tops: 1,
            LayerRun.Random(new Shape(2, 3, 4, 5)));
        Assert.That(run.Forward(), Is.EqualTo(LayerRun.Values(run.Bottom[0].Data)));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(expected)));
        run.Top[0].Diff.Fill(4);
        Assert.That(run.Backward(), Is.EqualTo(Enumerable.Repeat(4f, 120)));
    }

    [TestCase("", "the number of elements must stay")]
    [TestCase("shape { dim: 7 dim: -1 }", "cannot be divided by 7")]
    [TestCase("shape { dim: -1 dim: -1 }", "one -1 only")]
    [TestCase("shape { dim: 7 }", "the number of elements must stay")]
    [TestCase("shape { dim: -2 }", "found -2")]
    [TestCase("shape { dim: 2 dim: 3 dim: 4 dim: 5 dim: 0 }", "copies axis 4")]
    [TestCase("axis: 5 shape { dim: 1 }", "axis 5 is out of range")]
    [TestCase("axis: 2 num_axes: 3 shape { dim: 1 }", "reach beyond the 4 axes")]
    [TestCase("num_axes: -2 shape { dim: 1 }", "found -2")]
    public void WhatDoesNotFitIsRefused(string parameters, string message) => Assert.That(
        () => new LayerRun($$"""type: "Reshape" reshape_param { {{parameters}} }""", tops: 1,
            new Blob(new Shape(2, 3, 4, 5))),
        Throws.TypeOf<LayerException>().With.Message.Contains(message));
}
