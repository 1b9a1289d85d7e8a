using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class EuclideanLossLayerTests
{
    [Test]
    [CaffeBehaviour(CaffeBehaviour.EuclideanLoss)]
    public void HalfTheSquaredDistancePerSample()
    {
        using LayerRun run = new("""type: "EuclideanLoss" """, tops: 1, LayerRun.Blob(new Shape(2, 2), 1, 2, 3, 5),
            LayerRun.Blob(new Shape(2, 2), 0, 2, 1, 1));
        Assert.That(run.Forward(), Is.EqualTo([21 / 4f]));
        run.SetTopDiff(0, 2);
        Assert.That(run.Backward(0), Is.EqualTo(new float[] { 1, 0, 2, 4 }));
        Assert.That(run.Backward(1), Is.EqualTo(new float[] { -1, 0, -2, -4 }));
    }

    [Test]
    public void ALongSumKeepsItsDigits()
    {
        Shape shape = new(2, 1000, 37);
        using LayerRun run = new("""type: "EuclideanLoss" """, tops: 1, LayerRun.Random(shape, 1),
            LayerRun.Random(shape, 2));
        double expected = 0;
        foreach ((float a, float b) in LayerRun.Values(run.Bottom[0].Data).Zip(LayerRun.Values(run.Bottom[1].Data)))
            expected += ((double)a - b) * ((double)a - b) / 4;
        Assert.That(run.Forward()[0], Is.EqualTo(expected).Within(1e-6 * expected));
    }

    [Test]
    public void TheLossWeighsOneByDefault()
    {
        using LayerRun run = new("""type: "EuclideanLoss" """, tops: 1, new Blob(new Shape(2, 2)),
            new Blob(new Shape(2, 2)));
        Assert.That(run.Layer.LossWeights, Is.EqualTo([1f]));
    }

    [TestCase(3, 2)]
    [TestCase(2, 3)]
    public void ShapesMustFit(int samples, int features) => Assert.That(
        () => new LayerRun("""type: "EuclideanLoss" """, tops: 1, new Blob(new Shape(2, 2)),
            new Blob(new Shape(samples, features))),
        Throws.TypeOf<LayerException>());
}
