using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class FlattenLayerTests
{
    [TestCase("", 2, 60)]
    [TestCase("flatten_param { axis: 0 }", 120)]
    [TestCase("flatten_param { axis: 2 }", 2, 3, 20)]
    [TestCase("flatten_param { axis: 1 end_axis: 2 }", 2, 12, 5)]
    [TestCase("flatten_param { axis: 0 end_axis: -2 }", 24, 5)]
    [TestCase("flatten_param { axis: -2 end_axis: -2 }", 2, 3, 4, 5)]
    [CaffeBehaviour(CaffeBehaviour.Flatten)]
    public void TheAxesBecomeOne(string parameters, params int[] expected)
    {
        using LayerRun run = new($"""type: "Flatten" {parameters}""", tops: 1, LayerRun.Random(new Shape(2, 3, 4, 5)));
        Assert.That(run.Forward(), Is.EqualTo(LayerRun.Values(run.Bottom[0].Data)));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(expected)));
    }

    [Test]
    public void TheGradientIsShared()
    {
        using LayerRun run = new("""type: "Flatten" """, tops: 1, LayerRun.Random(new Shape(2, 2, 1)));
        run.Forward();
        run.SetTopDiff(0, 1, 2, 3, 4);
        Assert.That(run.Backward(), Is.EqualTo(new float[] { 1, 2, 3, 4 }));
    }

    [Test]
    public void AnotherBatchSizeKeepsSharing()
    {
        using LayerRun run = new("""type: "Flatten" """, tops: 1, LayerRun.Random(new Shape(2, 2, 3)));
        run.Bottom[0].Reshape(3, 2, 3);
        run.Bottom[0].Data.Fill(2);
        Assert.That(run.Forward(), Is.EqualTo(Enumerable.Repeat(2f, 18)));
    }

    [Test]
    public void AnEndBeforeTheStartIsRefused() => Assert.That(
        () => new LayerRun("""type: "Flatten" flatten_param { axis: 2 end_axis: 1 }""", tops: 1,
            new Blob(new Shape(2, 3, 4))),
        Throws.TypeOf<LayerException>().With.Message.Contains("end_axis 1"));
}
