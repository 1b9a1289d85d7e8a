using Atl.Layers;

namespace Atl.Tests.Layers;

public class BatchReindexLayerTests
{
    [Test]
    public void SamplesComeInTheOrderOfTheIndices()
    {
        using LayerRun run = new("""type: "BatchReindex" """, tops: 1, LayerRun.Blob(new Shape(3, 2), 1, 2, 3, 4, 5, 6),
            LayerRun.Blob(new Shape(4), 2, 0, 2, 1));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 5, 6, 1, 2, 5, 6, 3, 4 }));
    }

    [Test]
    public void AnIndexBeyondTheBatchIsRefused()
    {
        using LayerRun run = new("""type: "BatchReindex" """, tops: 1, new Blob(new Shape(3, 2)),
            LayerRun.Blob(new Shape(1), 3));
        Assert.That(() => run.Forward(),
            Throws.TypeOf<LayerException>().With.Message.Contains("index 0 is 3, expected 0..2"));
    }
}
