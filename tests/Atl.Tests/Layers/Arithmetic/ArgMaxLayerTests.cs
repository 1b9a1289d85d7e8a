using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class ArgMaxLayerTests
{
    [TestCase("", new[] { 2, 1, 1 }, new float[] { 2, 0 })]
    [TestCase("argmax_param { top_k: 2 }", new[] { 2, 1, 2 }, new float[] { 2, 1, 0, 2 })]
    [TestCase("argmax_param { top_k: 2 out_max_val: true }", new[] { 2, 2, 2 }, new float[] { 2, 1, 5, 5, 0, 2, 9, 8 })]
    [TestCase("argmax_param { axis: 1 }", new[] { 2, 1 }, new float[] { 2, 0 })]
    [TestCase("argmax_param { axis: 0 out_max_val: true }", new[] { 1, 3 }, new float[] { 9, 7, 8 })]
    [CaffeBehaviour(CaffeBehaviour.ArgMaxOutMaxVal)]
    [CaffeBehaviour(CaffeBehaviour.ArgMaxTies)]
    public void TheLargestComeFirst(string parameters, int[] shape, float[] expected)
    {
        using LayerRun run = new($"""type: "ArgMax" {parameters}""", tops: 1,
            LayerRun.Blob(new Shape(2, 3), 1, 5, 5, 9, 7, 8));
        Assert.That(run.Forward(), Is.EqualTo(expected));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(shape)));
    }

    [Test]
    public void WhatIsNoNumberComesLast()
    {
        using LayerRun run = new("""type: "ArgMax" argmax_param { top_k: 3 }""", tops: 1,
            LayerRun.Blob(new Shape(1, 3), float.NaN, -5, 2));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 2, 1, 0 }));
    }

    [TestCase("argmax_param { top_k: 4 }", "1..3")]
    [TestCase("argmax_param { axis: 0 top_k: 3 }", "1..2")]
    [TestCase("argmax_param { axis: 2 }", "axis 2")]
    public void WhatDoesNotFitIsRefused(string parameters, string message) => Assert.That(
        () => new LayerRun($"""type: "ArgMax" {parameters}""", tops: 1, new Blob(new Shape(2, 3))),
        Throws.TypeOf<LayerException>().With.Message.Contains(message));
}
