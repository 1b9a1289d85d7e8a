namespace Atl.Tests.Layers;

public class ParameterLayerTests
{
    [Test]
    public void TheTopIsTheParameterAndItsGradientIsAdded()
    {
        using LayerRun run = new("""type: "Parameter" parameter_param { shape { dim: 2 dim: 3 } }""", tops: 1);
        run.Layer.Blobs[0].Data.Fill(4);
        run.Layer.Blobs[0].Diff.Fill(1);
        Assert.That(run.Forward(), Is.EqualTo(Enumerable.Repeat(4f, 6)));
        run.Top[0].Diff.Fill(2);
        run.Layer.Backward(run.Top, [], run.Bottom);
        Assert.That(LayerRun.Values(run.Layer.Blobs[0].Diff), Is.All.EqualTo(3));
    }
}
