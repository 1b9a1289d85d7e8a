using Atl.Layers;
using Atl.Tests.GradientChecking;
using Atl.Tests.Nets;

namespace Atl.Tests.Layers;

[GradientCases]
public class MaxFeatureMapLayerTests
{
    internal static IEnumerable<GradientCase> Cases { get; } =
    [
        new("MaxFeatureMap", "type: 'MaxFeatureMap'", new BottomSpec(Fill.Distinct(), 2, 16, 2, 3)),
        new("MaxFeatureMap of rows", "type: 'MaxFeatureMap'", new BottomSpec(Fill.Distinct(), 3, 10)),
    ];

    [Test]
    public void TheLargerHalfIsTakenAndGetsTheGradientOfEqualsTheSecond()
    {
        using LayerRun run = new("type: 'MaxFeatureMap'", 1,
            LayerRun.Blob(new Shape(1, 4, 1, 2), 1, 5, -2, 4, 3, 5, -1, -8));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 3, 5, -1, 4 }));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(1, 2, 1, 2)));
        run.SetTopDiff(0, 1, 2, 3, 4);
        Assert.That(run.Backward(), Is.EqualTo(new float[] { 0, 0, 0, 4, 1, 2, 3, 0 }));
    }

    [Test]
    public void ResultsAreThoseOfSliceAndEltwise()
    {
        const string Data = """
            layer { name: 'x' type: 'DummyData' top: 'x' dummy_data_param { shape { dim: 3 dim: 8 dim: 5 dim: 4 }
                data_filler { type: 'gaussian' } } }
            """;
        using Net one = NetText.Build(Data
            + "layer { name: 'y' type: 'MaxFeatureMap' bottom: 'x' top: 'y' }");
        using Net two = NetText.Build(Data + """
            layer { name: 'halves' type: 'Slice' bottom: 'x' top: 'a' top: 'b' }
            layer { name: 'y' type: 'Eltwise' bottom: 'a' bottom: 'b' top: 'y' eltwise_param { operation: MAX } }
            """);
        one.Forward();
        two.Forward();
        Assert.That(LayerRun.Values(one.FindBlob("y")!.Data), Is.EqualTo(LayerRun.Values(two.FindBlob("y")!.Data)));
    }

    [TestCase(2, 3)]
    [TestCase(4)]
    public void ChannelsMustBePairs(params int[] shape) =>
        Assert.That(() => new LayerRun("type: 'MaxFeatureMap'", 1, new Blob(new Shape(shape))),
            Throws.TypeOf<LayerException>().With.Message.Contains("even number of channels"));
}
