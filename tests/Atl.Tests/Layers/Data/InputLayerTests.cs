using Atl.Layers;

namespace Atl.Tests.Layers;

public class InputLayerTests
{
    [Test]
    public void EachTopTakesItsShape()
    {
        using LayerRun run = new("""type: "Input" input_param { shape { dim: 2 dim: 3 } shape { dim: 2 } }""", tops: 2);
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(2, 3)));
        Assert.That(run.Top[1].Shape, Is.EqualTo(new Shape(2)));
    }

    [Test]
    public void OneShapeServesAllTops()
    {
        using LayerRun run = new("""type: "Input" input_param { shape { dim: 4 dim: 1 } }""", tops: 2);
        Assert.That(run.Top[1].Shape, Is.EqualTo(new Shape(4, 1)));
    }

    [Test]
    public void AShapeGivenFromOutsideStays()
    {
        using LayerRun run = new("""type: "Input" input_param { shape { dim: 2 dim: 3 } }""", tops: 1);
        run.Top[0].Reshape(5, 3);
        run.Forward();
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(5, 3)));
    }

    [Test]
    public void TooManyShapesAreRefused() => Assert.That(
        () => new LayerRun("""type: "Input" input_param { shape { dim: 2 } shape { dim: 3 } }""", tops: 3),
        Throws.TypeOf<LayerException>().With.Message.Contains("found 2"));
}
