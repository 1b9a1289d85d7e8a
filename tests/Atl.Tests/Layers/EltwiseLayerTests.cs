using Atl.Layers;

namespace Atl.Tests.Layers;

public class EltwiseLayerTests
{
    // Of the first two a tie goes to the second; a third must be strictly larger.
    [Test]
    public void TiesOfTheMaximumGoWhereCaffeSendsThem()
    {
        using LayerRun run = new(
            """type: "Eltwise" eltwise_param { operation: MAX }""", tops: 1,
            LayerRun.Blob(new Shape(4), 1, 2, 1, 0), LayerRun.Blob(new Shape(4), 1, 1, 0, 0), LayerRun.Blob(new Shape(4), 1, 2, 2, 0));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 1, 2, 2, 0 }));
        run.SetTopDiff(0, 1, 2, 3, 4);
        Assert.That(run.Backward(0), Is.EqualTo(new float[] { 0, 2, 0, 0 }));
        Assert.That(run.Backward(1), Is.EqualTo(new float[] { 1, 0, 0, 4 }));
        Assert.That(run.Backward(2), Is.EqualTo(new float[] { 0, 0, 3, 0 }));
    }

    [TestCase("", "needs bottoms of one shape, found 2 3 (6) and, as bottom 1, 3 2 (6)", 3, 2)]
    [TestCase("eltwise_param { coeff: 1 }", "needs one coeff for each of the 2 bottoms or none, found 1", 2, 3)]
    [TestCase("eltwise_param { operation: PROD coeff: 1 coeff: 2 }", "coeff belongs to operation SUM, found PROD", 2, 3)]
    public void WhatDoesNotFitIsRefused(string parameters, string message, int rows, int columns) => Assert.That(
        () => new LayerRun($"""type: "Eltwise" {parameters}""", tops: 1, new Blob(new Shape(2, 3)), new Blob(new Shape(rows, columns))),
        Throws.InstanceOf<LayerException>().With.Message.Contains(message));

    [Test]
    public void AProductInPlaceIsRefused()
    {
        using LayerRun run = new("""type: "Eltwise" eltwise_param { operation: PROD }""", tops: 1, new Blob(new Shape(3)), new Blob(new Shape(3)));
        run.Top[0] = run.Bottom[0];
        Assert.That(() => run.Forward(), Throws.InstanceOf<LayerException>().With.Message.Contains("cannot write over its bottom"));
    }
}
