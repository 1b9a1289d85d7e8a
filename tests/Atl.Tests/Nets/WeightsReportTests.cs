using Atl.Nets;
using Atl.Proto;
using Atl.TestSupport;
using Microsoft.Extensions.Logging;

namespace Atl.Tests.Nets;

/// <summary>Which layers find no weights, and what is said of it.</summary>
public class WeightsReportTests
{
    private const string Input =
        "layer { name: 'in' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 3 } } }";

    [Test]
    public void LayersWithoutWeightsAreNamedWithTheNearestNameOfTheWeights()
    {
        using Net net = NetText.Build(Input + InnerProduct("conv1_typo", "data", "a") + InnerProduct("fc5", "a", "b"));
        WeightsReport report = WeightsReport.Load(net, [Weights("w.caffemodel", "conv1_tpo", "fc5", "far_away")]);
        Assert.That(report.Missing.Select(missing => (missing.Layer.Name, missing.Nearest)),
            Is.EqualTo([("conv1_typo", "conv1_tpo")]));
        Assert.That(report.Ignored, Is.EqualTo(["conv1_tpo", "far_away"]));
        Assert.That(report.Message, Is.EqualTo(
            "w.caffemodel: the weights have none for layer 'conv1_typo' (did you mean 'conv1_tpo'?) (1 of the net's 2 layers with parameters), "
            + "left at the fillers' values; the net lacks the weights' layers 'conv1_tpo', 'far_away'"));
        Assert.That(net.FindLayer("fc5")!.Blobs[0].Data.AsReadOnlySpan()[4], Is.EqualTo(4));
    }

    [Test]
    public void WeightsThatFitSayNothing()
    {
        LogCapture log = new();
        using Net net = NetText.Build(Input + InnerProduct("fc5", "data", "b"), logger: log);
        WeightsReport report = WeightsReport.Load(net, [Weights("w", "fc5", "loss_of_training")]);
        report.Require(allowMissing: false);
        Assert.That((report.Message, report.Missing.Count), Is.EqualTo(((string?)null, 0)));
        Assert.That(log.Lines.Where(line => line.Severity != LogLevel.Information), Is.Empty);
    }

    [Test]
    public void MissingMeansInNoneOfTheFiles()
    {
        using Net net = NetText.Build(Input + InnerProduct("a", "data", "x") + InnerProduct("b", "x", "y")
            + InnerProduct("c", "y", "z"));
        WeightsReport report = WeightsReport.Load(net, [Weights("first", "a"), Weights("second", "b")]);
        Assert.That(report.Message,
            Is.EqualTo("first, second: the weights have none for layer 'c' (1 of the net's 3 layers with "
                + "parameters), left at the fillers' values"));
        Assert.That(WeightsReport.Load(net, [Weights("first", "a", "c"), Weights("second", "b")]).Message, Is.Null);
    }

    [Test]
    public void AFileOfAnotherNetIsSaidEvenWhereNothingIsMissing()
    {
        using Net net = NetText.Build(Input + InnerProduct("a", "data", "x"));
        Assert.That(WeightsReport.Load(net, [Weights("first", "a"), Weights("second", "p", "q")]).Message,
            Is.EqualTo("second: the net has none of its 2 layers with weights: 'p', 'q'"));
        Assert.That(WeightsReport.Load(net, [new WeightsFile("empty", new NetParameter())]).Message,
            Does.StartWith("empty: no layer with weights in it"));
    }

    [Test]
    public void ASharedParameterIsFoundWithItsOwnerOrItsSharer()
    {
        const string Shared = "param { name: 'w' }";
        using Net net = NetText.Build(Input + InnerProduct("a", "data", "x", Shared)
            + InnerProduct("b", "x", "y", Shared));
        Assert.That(WeightsReport.Load(net, [Weights("w", "a")]).Message, Is.Null);
        Assert.That(WeightsReport.Load(net, [Weights("w", "b")]).Message, Is.Null);
        Assert.That(WeightsReport.Load(net, [Weights("w", "c")]).Missing.Select(missing => missing.Layer.Name),
            Is.EqualTo(["a", "b"]));
    }

    [Test]
    public void AParameterThatIsMissingAloneIsNumbered()
    {
        // The bias is stored with a layer that the weights do not have, as HDF5 files do.
        using Net net = NetText.Build(Input + InnerProduct("a", "data", "x", "param { name: 'wa' } param { name: 'b' }",
            bias: true)
            + InnerProduct("b", "x", "y", "param { name: 'wb' } param { name: 'b' }", bias: true));
        LayerParameter stored = Weights("w", "b").Content.Layer[0];
        stored.Blobs.Add(new BlobProto());
        WeightsReport report = WeightsReport.Of(net, [new WeightsFile("w", new NetParameter { Layer = { stored } })]);
        Assert.That(report.Missing.Select(missing => missing.ToString()), Is.EqualTo(["'a'", "'b' (parameter 1)"]));
    }

    [Test]
    public void ANetForShapesOnlyIsComparedToo()
    {
        NetParameter text = TextFormat.Parse<NetParameter>(Input + InnerProduct("a", "data", "x")
            + InnerProduct("b", "x", "y"));
        using Net net = new(text, new NetOptions { ShapesOnly = true, KeepAll = true });
        Assert.That(WeightsReport.Of(net, [Weights("w", "b")]).Missing.Single().Layer.Name, Is.EqualTo("a"));
    }

    [Test]
    public void MissingWeightsAreAnErrorUnlessAllowed()
    {
        LogCapture log = new();
        using Net net = NetText.Build(Input + InnerProduct("a", "data", "x") + InnerProduct("b", "x", "y"),
            logger: log);
        WeightsReport report = WeightsReport.Load(net, [Weights("w", "b")]);
        Assert.That(() => report.Require(allowMissing: false),
            Throws.TypeOf<NetException>().With.Message.Contains("layer 'a'")
            .And.Message.EndsWith("in a program AllowMissingWeights)"));
        log.Clear();
        report.Require(allowMissing: true);
        report.Warn();
        Assert.That(log.Lines.Select(line => line.Severity), Is.EqualTo([LogLevel.Warning, LogLevel.Warning]));
        Assert.That(log.Of("weights_report.cpp"), Is.All.EqualTo(report.Message));
    }

    [Test]
    public void AStoredBlobWithoutItsValuesIsRefusedWithFileLayerAndField()
    {
        using Net net = NetText.Build(Input + InnerProduct("a", "data", "x"));
        WeightsFile weights = Weights("w.caffemodel", "a");
        weights.Content.Layer[0].Blobs[0].Data.Clear();
        Assert.That(() => WeightsReport.Load(net, [weights]), Throws.InstanceOf<AtlException>()
            .With.Message.Contains("layer 'a' (InnerProduct): w.caffemodel: blobs[0].data holds 0 values, expected "
                + "9 for shape 3 3"));
    }

    [Test]
    public void AnInputWithoutDimsIsNamedByTheLayerThatMissesIt() => Assert.That(
        () => NetText.Build("name: 'n'\ninput: 'data'\n" + InnerProduct("a", "data", "x")),
        Throws.InstanceOf<AtlException>().With.Message
            .Contains("unknown bottom blob 'data' (bottom 0): net.prototxt:2:1 gives input 'data' without dims; add "
                + "its input_dim or input_shape"));

    private static string InnerProduct(string name, string bottom, string top, string param = "", bool bias = false) =>
        $"layer {{ name: '{name}' type: 'InnerProduct' bottom: '{bottom}' top: '{top}' {param} "
        + $"inner_product_param {{ num_output: 3 bias_term: {(bias ? "true" : "false")} }} }}";

    private static WeightsFile Weights(string name, params string[] layers)
    {
        NetParameter net = new();
        foreach (string layer in layers)
        {
            BlobProto blob = new() { Shape = new BlobShape { Dim = { 3, 3 } } };
            blob.Data.Add(Enumerable.Range(0, 9).Select(i => (float)i));
            net.Layer.Add(new LayerParameter { Name = layer, Blobs = { blob } });
        }
        return new WeightsFile(name, net);
    }
}
