using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class EltwiseLayerTests
{
    // Of the first two a tie goes to the second; a third must be strictly larger.
    [Test]
    [CaffeBehaviour(CaffeBehaviour.EltwiseMaxTies)]
    public void TiesOfTheMaximumGoWhereCaffeSendsThem()
    {
        using LayerRun run = new(
            """type: "Eltwise" eltwise_param { operation: MAX }""", tops: 1,
            LayerRun.Blob(new Shape(4), 1, 2, 1, 0), LayerRun.Blob(new Shape(4), 1, 1, 0, 0),
            LayerRun.Blob(new Shape(4), 1, 2, 2, 0));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 1, 2, 2, 0 }));
        run.SetTopDiff(0, 1, 2, 3, 4);
        Assert.That(run.Backward(0), Is.EqualTo(new float[] { 0, 2, 0, 0 }));
        Assert.That(run.Backward(1), Is.EqualTo(new float[] { 1, 0, 0, 4 }));
        Assert.That(run.Backward(2), Is.EqualTo(new float[] { 0, 0, 3, 0 }));
    }

    [TestCase("operation: SUM", new float[] { 11, 22 })]
    [TestCase("operation: SUM coeff: 1 coeff: -1", new float[] { -9, -18 })]
    [TestCase("coeff: 2 coeff: 0.5", new float[] { 7, 14 })]
    [CaffeBehaviour(CaffeBehaviour.EltwiseCoefficients)]
    public void TheSumTakesACoefficientForEachBottom(string parameters, float[] expected)
    {
        using LayerRun run = new($$"""type: "Eltwise" eltwise_param { {{parameters}} }""", tops: 1,
            LayerRun.Blob(new Shape(2), 1, 2),
            LayerRun.Blob(new Shape(2), 10, 20));
        Assert.That(run.Forward(), Is.EqualTo(expected));
    }

    // A product with a zero in it tells by division nothing of the others; the stable way multiplies them anew.
    [TestCase("")]
    [TestCase("stable_prod_grad: true")]
    [CaffeBehaviour(CaffeBehaviour.EltwiseProductGradient)]
    public void TheStableGradientOfAProductIsTheProductOfTheOthers(string parameters)
    {
        using LayerRun run = new(
            $$"""type: "Eltwise" eltwise_param { operation: PROD {{parameters}} }""", tops: 1,
            LayerRun.Blob(new Shape(2), 0, 2), LayerRun.Blob(new Shape(2), 3, 5), LayerRun.Blob(new Shape(2), 7, 11));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 0, 110 }));
        run.SetTopDiff(0, 1, 1);
        Assert.That(run.Backward(0), Is.EqualTo(new float[] { 21, 55 }));
        Assert.That(run.Backward(1), Is.EqualTo(new float[] { 0, 22 }));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.EltwiseProductGradient)]
    public void TheUnstableGradientOfAProductStaysFinite()
    {
        using LayerRun run = new(
            """type: "Eltwise" eltwise_param { operation: PROD stable_prod_grad: false }""", tops: 1,
            LayerRun.Blob(new Shape(2), 4, 2),
                LayerRun.Blob(new Shape(2), 3, 5));
        run.Forward();
        run.SetTopDiff(0, 1, 10);
        Assert.That(run.Backward(0), Is.EqualTo(new float[] { 3, 50 }).Within(1e-5f));
    }

    [TestCase("", "needs bottoms of one shape, found 2 3 (6) and, as bottom 1, 3 2 (6)", 3, 2)]
    [TestCase("eltwise_param { coeff: 1 }", "needs one coeff for each of the 2 bottoms or none, found 1", 2, 3)]
    [TestCase("eltwise_param { operation: PROD coeff: 1 coeff: 2 }", "coeff belongs to operation SUM, found PROD",
    2, 3)]
    public void WhatDoesNotFitIsRefused(string parameters, string message, int rows, int columns) => Assert.That(
        () => new LayerRun($"""type: "Eltwise" {parameters}""", tops: 1, new Blob(new Shape(2, 3)),
            new Blob(new Shape(rows, columns))),
        Throws.InstanceOf<LayerException>().With.Message.Contains(message));

    [Test]
    public void AProductInPlaceIsRefused()
    {
        using LayerRun run = new("""type: "Eltwise" eltwise_param { operation: PROD }""", tops: 1,
            new Blob(new Shape(3)), new Blob(new Shape(3)));
        run.Top[0] = run.Bottom[0];
        Assert.That(() => run.Forward(),
            Throws.InstanceOf<LayerException>().With.Message.Contains("cannot overwrite its bottom"));
    }
}
