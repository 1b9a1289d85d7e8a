using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class FilterLayerTests
{
    private const string Layer = """type: "Filter" bottom: "x" bottom: "selector" """;

    [Test]
    [CaffeBehaviour(CaffeBehaviour.FilterBeforeForward)]
    public void FiltersTopsKeepTheFullBatchUntilTheFirstForward()
    {
        using LayerRun run = new(Layer, tops: 1, LayerRun.Blob(new Shape(3, 2), 1, 2, 3, 4, 5, 6),
            LayerRun.Blob(new Shape(3), 1, 0, 0.5f));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(3, 2)));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 1, 2, 5, 6 }));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(2, 2)));
    }

    [Test]
    public void SamplesLeftOutGetNoGradient()
    {
        using LayerRun run = new(Layer, tops: 1, new Blob(new Shape(3, 2)), LayerRun.Blob(new Shape(3), 1, 0, 1));
        run.Forward();
        new float[] { 1, 2, 3, 4 }.CopyTo(run.Top[0].Diff.AsWriteOnlySpan());
        run.Layer.Backward(run.Top, [true, false], run.Bottom);
        Assert.That(run.Bottom[0].Diff.AsReadOnlySpan().ToArray(), Is.EqualTo(new float[] { 1, 2, 0, 0, 3, 4 }));
    }

    [Test]
    public void NothingChosenIsAnEmptyBatch()
    {
        using LayerRun run = new(Layer, tops: 1, new Blob(new Shape(2, 2)), LayerRun.Blob(new Shape(2), 0, 0));
        Assert.That(run.Forward(), Is.Empty);
    }

    [Test]
    public void OneSelectorForEachSampleIsNeeded() => Assert.That(
        () => new LayerRun(Layer, tops: 1, new Blob(new Shape(3, 2)), new Blob(new Shape(2))),
        Throws.TypeOf<LayerException>().With.Message.Contains("as many samples as the selector"));
}
