using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class ScaleLayerTests
{
    [Test]
    public void WithoutFillersItChangesNothing()
    {
        using LayerRun run = new("""type: "Scale" scale_param { bias_term: true }""", tops: 1,
            LayerRun.Random(new Shape(2, 3, 4)));
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

    [TestCase("Scale", "", new[] { 3 })]
    [TestCase("Scale", "scale_param { axis: 2 }", new[] { 4 })]
    [TestCase("Scale", "scale_param { axis: 1 num_axes: 2 }", new[] { 3, 4 })]
    [TestCase("Scale", "scale_param { axis: 0 num_axes: -1 }", new[] { 2, 3, 4 })]
    [TestCase("Scale", "scale_param { num_axes: 0 }", new int[0])]
    [TestCase("Bias", "bias_param { axis: -2 num_axes: 2 }", new[] { 3, 4 })]
    [TestCase("Bias", "", new[] { 3 })]
    [CaffeBehaviour(CaffeBehaviour.ScaleAndBiasAxes)]
    public void TheParameterHasTheAxesFromTheGivenOneOnAndIsBroadcast(string type, string parameters, int[] shape)
    {
        using LayerRun run = new($"""type: "{type}" {parameters}""", tops: 1, new Blob(new Shape(2, 3, 4)));
        run.Bottom[0].Data.Fill(type == "Scale" ? 1 : 0);
        Assert.That(run.Layer.Blobs[0].Shape, Is.EqualTo(new Shape(shape)));
        int axis = parameters.Length == 0 || shape.Length == 0
            ? 1 : parameters.Contains("axis: 0", StringComparison.Ordinal)
            ? 0 : parameters.Contains("axis: 2", StringComparison.Ordinal) ? 2 : 1;
        int count = shape.Aggregate(1, (a, b) => a * b), inner = shape.Length == 0
            ? 24 : (int)new Shape(2, 3, 4).CountFrom(axis + shape.Length);
        float[] values = [.. Enumerable.Range(1, count).Select(i => (float)i)];
        values.CopyTo(run.Layer.Blobs[0].Data.AsWriteOnlySpan());
        Assert.That(run.Forward(), Is.EqualTo(Enumerable.Range(0, 24).Select(i => values[i / inner % count])));
    }

    [TestCase("""type: "Scale" scale_param { axis: 1 num_axes: 3 }""", "axis 1 and num_axes 3 reach past the axes")]
    [TestCase("""type: "Scale" scale_param { num_axes: -2 }""", "num_axes must be -1 or more, found -2")]
    [TestCase("""type: "Bias" bias_param { axis: 5 }""", "axis 5 is out of range")]
    public void AxesThatAreNotThereAreRefused(string layer, string message) => Assert.That(
        () => new LayerRun(layer, tops: 1, new Blob(new Shape(2, 3, 4))),
        Throws.InstanceOf<LayerException>().With.Message.Contains(message));

    [TestCase("Scale")]
    [TestCase("Bias")]
    public void ASecondBottomOfAnotherShapeIsRefused(string type) => Assert.That(
        () => new LayerRun($"""type: "{type}" """, tops: 1, new Blob(new Shape(2, 3, 4)), new Blob(new Shape(4))),
        Throws.InstanceOf<LayerException>().With.Message.Contains("4 (4)").And.Message.Contains("2 3 4 (24)"));
}
