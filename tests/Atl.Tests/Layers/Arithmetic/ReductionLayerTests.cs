using Atl.Layers;

namespace Atl.Tests.Layers;

public class ReductionLayerTests
{
    [TestCase("", new float[] { 2 }, 0)]
    [TestCase("reduction_param { axis: 1 }", new float[] { 2, 0 }, 1)]
    [TestCase("reduction_param { operation: ASUM axis: 1 }", new float[] { 6, 10 }, 1)]
    [TestCase("reduction_param { operation: SUMSQ axis: -1 coeff: 0.5 }", new float[] { 7, 25 }, 1)]
    [TestCase("reduction_param { operation: MEAN coeff: 3 }", new float[] { 1 }, 0)]
    public void TheAxesBecomeOneNumber(string parameters, float[] expected, int axes)
    {
        using LayerRun run = new($"""type: "Reduction" {parameters}""", tops: 1,
            LayerRun.Blob(new Shape(2, 3), 1, -2, 3, 5, -5, 0));
        Assert.That(run.Forward(), Is.EqualTo(expected));
        Assert.That(run.Top[0].NumAxes, Is.EqualTo(axes));
    }

    [Test]
    public void ALongSumKeepsItsDigits()
    {
        using LayerRun run = new("""type: "Reduction" reduction_param { operation: SUMSQ }""", tops: 1,
            LayerRun.Random(new Shape(300_000)));
        double expected = LayerRun.Values(run.Bottom[0].Data).Sum(value => (double)value * value);
        Assert.That(run.Forward()[0], Is.EqualTo(expected).Within(1e-6 * expected));
    }

    [Test]
    public void AMissingAxisIsRefused() => Assert.That(
        () => new LayerRun("""type: "Reduction" reduction_param { axis: 2 }""", tops: 1, new Blob(new Shape(2, 3))),
        Throws.TypeOf<LayerException>());
}
