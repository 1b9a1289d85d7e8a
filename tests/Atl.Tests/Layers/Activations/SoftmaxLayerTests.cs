using Atl.Devices;
using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class SoftmaxLayerTests
{
    /// <summary>The softmax along an axis, in double precision.</summary>
    public static double[] Expected(float[] x, Shape shape, int axis)
    {
        double[] y = new double[x.Length];
        long channels = shape[axis], inner = shape.CountFrom(axis + 1);
        for (long outer = 0; outer < shape.CountOf(0, axis); outer++)
            for (long s = 0; s < inner; s++)
            {
                double sum = 0, most = double.NegativeInfinity;
                for (long c = 0; c < channels; c++) most = Math.Max(most, x[((outer * channels) + c) * inner + s]);
                for (long c = 0; c < channels; c++) sum += Math.Exp(x[((outer * channels) + c) * inner + s] - most);
                for (long c = 0; c < channels; c++)
                    y[((outer * channels) + c) * inner + s] = Math.Exp(x[((outer * channels) + c) * inner + s] - most)
                        / sum;
            }
        return y;
    }

    [TestCase(1, new[] { 3, 5 })]
    [TestCase(1, new[] { 2, 5000 })]
    [TestCase(1, new[] { 2, 7, 9, 13 })]
    [TestCase(-1, new[] { 2, 3, 4, 5 })]
    [TestCase(0, new[] { 6, 70 })]
    [TestCase(2, new[] { 2, 3, 4, 1 })]
    [CaffeBehaviour(CaffeBehaviour.SoftmaxAxis)]
    public void ValuesAreThoseOfTheFormula(int axis, int[] dims)
    {
        Shape shape = new(dims);
        using LayerRun run = new($$"""type: "Softmax" softmax_param { axis: {{axis}} }""", tops: 1,
            LayerRun.Random(shape));
        double[] expected = Expected(LayerRun.Values(run.Bottom[0].Data), shape, shape.CanonicalAxis(axis));
        Assert.That(run.Forward(), Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void LargeScoresDoNotOverflow()
    {
        using LayerRun run = new("""type: "Softmax" """, tops: 1, LayerRun.Blob(new Shape(1, 3), 1000, 999, -1000));
        Assert.That(run.Forward(), Is.EqualTo([0.7310586, 0.2689414, 0]).Within(1e-6));
    }

    [Test]
    public void ChannelsLastStays()
    {
        Shape shape = new(2, 5, 3, 2);
        using LayerRun run = new("""type: "Softmax" """, tops: 1, LayerRun.Random(shape));
        double[] expected = Expected(LayerRun.Values(run.Bottom[0].Data), shape, 1);
        run.Bottom[0].Data.ReadWrite(Device.Cpu, Layout.ChannelsLast);
        run.Layer.Forward(run.Bottom, run.Top);
        Assert.That(run.Top[0].Data.Layout, Is.EqualTo(Layout.ChannelsLast));
        Assert.That(LayerRun.Values(run.Top[0].Data), Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void AMissingAxisIsRefused() => Assert.That(
        () => new LayerRun("""type: "Softmax" softmax_param { axis: 2 }""", tops: 1, new Blob(new Shape(2, 3))),
        Throws.TypeOf<LayerException>());
}
