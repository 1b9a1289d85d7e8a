using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class EmbedLayerTests
{
    private const string Layer =
        """type: "Embed" embed_param { num_output: 2 input_dim: 3 weight_filler { type: "constant" value: 2 } bias_filler { type: "constant" value: 1 } }""";

    [Test]
    [CaffeBehaviour(CaffeBehaviour.Embed)]
    public void AnIndexBecomesItsRowAndTheBias()
    {
        using LayerRun run = new(Layer, tops: 1, LayerRun.Blob(new Shape(2, 1), 2, 0));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 3, 3, 3, 3 }));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(2, 1, 2)));
    }

    [TestCase(3f)]
    [TestCase(-1f)]
    [TestCase(float.NaN)]
    public void AnIndexOutsideTheTableIsRefused(float index)
    {
        using LayerRun run = new(Layer, tops: 1, LayerRun.Blob(new Shape(2), 0, index));
        Assert.That(() => run.Forward(),
            Throws.TypeOf<LayerException>().With.Message.Contains("index 1 is").And.Message.Contains("expected 0..2"));
    }
}
