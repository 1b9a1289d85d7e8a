using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class InnerProductLayerTests
{
    [Test]
    public void RowsAreMultipliedByTheWeights()
    {
        using LayerRun run = new(
            "type: 'InnerProduct' inner_product_param { num_output: 2 bias_filler { type: 'constant' value: 10 } }", 1,
            LayerRun.Blob(new Shape(2, 3), 1, 2, 3, 4, 5, 6));
        new[] { 1f, 0, 1, 0, 2, 0 }.CopyTo(run.Layer.Blobs[0].Data.AsWriteOnlySpan());
        Assert.That(run.Forward(), Is.EqualTo([14f, 14, 20, 20]));
    }

    [TestCase("", new[] { 2, 2 }, new[] { 2, 6 })]
    [TestCase("axis: 2", new[] { 2, 3, 2 }, new[] { 2, 2 })]
    [TestCase("axis: -1", new[] { 2, 3, 2 }, new[] { 2, 2 })]
    [TestCase("axis: 0", new[] { 2 }, new[] { 2, 12 })]
    [CaffeBehaviour(CaffeBehaviour.InnerProductAxis)]
    public void TheAxesFromTheGivenOneOnAreARow(string fields, int[] top, int[] weights)
    {
        using LayerRun run =
            new($"type: 'InnerProduct' inner_product_param {{ num_output: 2 {fields} weight_filler {{ value: 1 }} }}",
                1,
            LayerRun.Blob(new Shape(2, 3, 2), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
        float[] found = run.Forward();
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(top)));
        Assert.That(run.Layer.Blobs[0].Shape, Is.EqualTo(new Shape(weights)));
        Assert.That(found[^1], Is.EqualTo(Enumerable.Range(13 - weights[1], weights[1]).Sum()));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.InnerProductTranspose)]
    public void TransposeStoresTheWeightsInputByOutput()
    {
        using LayerRun run =
            new("type: 'InnerProduct' inner_product_param { num_output: 2 transpose: true bias_term: false }", 1,
            LayerRun.Blob(new Shape(1, 3), 1, 2, 3));
        Assert.That(run.Layer.Blobs[0].Shape, Is.EqualTo(new Shape(3, 2)));
        new[] { 1f, 0, 0, 1, 1, 1 }.CopyTo(run.Layer.Blobs[0].Data.AsWriteOnlySpan());
        Assert.That(run.Forward(), Is.EqualTo([4f, 5]));
    }

    // Rows (3, 4) and (0, 0), of which one has a direction.
    [Test]
    public void RowsAreBroughtToUnitLength()
    {
        using LayerRun run =
            new("type: 'InnerProduct' inner_product_param { num_output: 2 normalize: true bias_term: false }", 1,
            LayerRun.Blob(new Shape(1, 2), 5, 10));
        new[] { 3f, 4, 0, 0 }.CopyTo(run.Layer.Blobs[0].Data.AsWriteOnlySpan());
        Assert.That(run.Forward(), Is.EqualTo([11f, 0f]).Within(1e-6));
        Assert.That(LayerRun.Values(run.Layer.Blobs[0].Data), Is.EqualTo([0.6f, 0.8f, 0f, 0f]).Within(1e-7));
    }

    [TestCase("num_output: 2 normalize: true transpose: true", "normalize and transpose do not go together")]
    [TestCase("", "num_output must be given and positive, found 0")]
    [TestCase("num_output: 2 axis: 3", "axis 3 is out of range")]
    public void ErrorsSayWhatDoesNotFit(string fields, string message)
    {
        LayerException e = Assert.Throws<LayerException>(
            () => new LayerRun($"type: 'InnerProduct' inner_product_param {{ {fields} }}", 1,
                LayerRun.Random(new Shape(2, 3))).Dispose())!;
        Assert.That(e.Message, Does.Contain(message));
    }

    [Test]
    public void OtherInputsAfterSetUpAreAnError()
    {
        using LayerRun run = new("type: 'InnerProduct' inner_product_param { num_output: 2 }", 1,
            LayerRun.Random(new Shape(2, 3)));
        run.Bottom[0].Reshape(2, 4);
        LayerException e = Assert.Throws<LayerException>(() => run.Forward())!;
        Assert.That(e.Message,
            Does.Contain("has weights of shape 2 3 (6), but a bottom of shape 2 4 (8) has 4 inputs a row"));
    }
}
