using Atl.Layers;

namespace Atl.Tests.Layers;

public class AxpyLayerTests
{
    [Test]
    public void EachChannelIsScaledAndTheShortcutIsAdded()
    {
        using LayerRun run = Make(new Shape(1, 2, 1, 1));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 12, 24, 31, 42 }));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(1, 2, 1, 2)));
        run.SetTopDiff(0, 1, 2, 3, 4);
        Assert.That(run.Backward(0), Is.EqualTo(new float[] { 1 * 1 + 2 * 2, 3 * -1 + 4 * -2 }));
        Assert.That(run.Backward(1), Is.EqualTo(new float[] { 2, 4, -3, -4 }));
        Assert.That(run.Backward(2), Is.EqualTo(new float[] { 1, 2, 3, 4 }));
    }

    [Test]
    public void FactorsWithoutPlacesWillDo()
    {
        using LayerRun run = Make(new Shape(1, 2));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 12, 24, 31, 42 }));
    }

    [TestCase(2, 1)]
    [TestCase(1, 2, 1, 2)]
    public void OtherFactorsAreRefused(params int[] shape) =>
        Assert.That(() => Make(new Shape(shape)),
            Throws.TypeOf<LayerException>().With.Message.Contains("one for each of the 1 x 2 channels"));

    [Test]
    public void XAndYMustAgree() => Assert.That(
        () => new LayerRun("type: 'Axpy'", 1, new Blob(new Shape(1, 2)), new Blob(new Shape(1, 2, 3)),
            new Blob(new Shape(1, 2, 4))),
        Throws.TypeOf<LayerException>().With.Message.Contains("x and y must agree"));

    private static LayerRun Make(Shape factors) => new("type: 'Axpy'", 1,
        factors.Count == 2 ? LayerRun.Blob(factors, 2, -1) : new Blob(factors),
        LayerRun.Blob(new Shape(1, 2, 1, 2), 1, 2, -1, -2), LayerRun.Blob(new Shape(1, 2, 1, 2), 10, 20, 30, 40));
}
