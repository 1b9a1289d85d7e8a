using Atl.Layers;

namespace Atl.Tests.Layers;

public class ScaleLayerTests
{
    [Test]
    public void WithoutFillersItChangesNothing()
    {
        using LayerRun run = new("""type: "Scale" scale_param { bias_term: true }""", tops: 1, LayerRun.Random(new Shape(2, 3, 4)));
        Assert.That(run.Forward(), Is.EqualTo(LayerRun.Values(run.Bottom[0].Data)));
        Assert.That(run.Layer.Blobs.Select(blob => blob.Shape), Is.All.EqualTo(new Shape(3)));
    }

    [Test]
    public void TheSecondBottomIsTheScaleAndTheBiasTheOnlyParameter()
    {
        using LayerRun run = new(
            """type: "Scale" scale_param { axis: 0 bias_term: true bias_filler { value: 1 } }""", tops: 1,
            LayerRun.Blob(new Shape(2, 2), 1, 2, 3, 4), LayerRun.Blob(new Shape(2), 10, 100));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 11, 21, 301, 401 }));
        Assert.That(run.Layer.Blobs, Has.Count.EqualTo(1));
    }

    [TestCase("""type: "Scale" scale_param { axis: 1 num_axes: 3 }""", "axis 1 and num_axes 3 reach past the axes")]
    [TestCase("""type: "Scale" scale_param { num_axes: -2 }""", "num_axes must be -1 or more, found -2")]
    [TestCase("""type: "Bias" bias_param { axis: 5 }""", "axis 5 is out of range")]
    public void AxesThatAreNotThereAreRefused(string layer, string message) => Assert.That(
        () => new LayerRun(layer, tops: 1, new Blob(new Shape(2, 3, 4))), Throws.InstanceOf<LayerException>().With.Message.Contains(message));

    [TestCase("Scale")]
    [TestCase("Bias")]
    public void ASecondBottomOfAnotherShapeIsRefused(string type) => Assert.That(
        () => new LayerRun($"""type: "{type}" """, tops: 1, new Blob(new Shape(2, 3, 4)), new Blob(new Shape(4))),
        Throws.InstanceOf<LayerException>().With.Message.Contains("4 (4)").And.Message.Contains("2 3 4 (24)"));
}
