using Atl.Layers;
using Atl.Proto;
using Atl.TestSupport;
using Atl.Tools;
using Microsoft.Extensions.Logging;

namespace Atl.Tests.Nets;

/// <summary>Layers of one name: refused where weights would be mixed up, told apart where they can be.</summary>
public sealed class LayerNamesTests
{
    private const string Input =
        "layer { name: 'in' type: 'Input' top: 'x' input_param { shape { dim: 2 dim: 3 } } }\n";

    private static string InnerProduct(string bottom, string top, string more = "") =>
        $"layer {{ name: 'ip' type: 'InnerProduct' bottom: '{bottom}' top: '{top}' {more} inner_product_param {{ "
            + "num_output: 3 bias_term: false "
            + "weight_filler { type: 'gaussian' std: 1 } } }\n";

    [TestCase(Phase.Train)]
    [TestCase(Phase.Test)]
    public void TwoLayersOfOneNameWithParametersOfTheirOwnAreRefusedWithBothLines(Phase phase) => Assert.That(
        () => NetText.Build(Input + InnerProduct("x", "a") + InnerProduct("a", "b"), phase),
        Throws.TypeOf<LayerException>().With.Message.StartsWith(
            "net.prototxt:3:1: layer 'ip' (InnerProduct): has the name of net.prototxt:2:1: layer "
            + "'ip' (InnerProduct), and both have parameters").And.Message.Contains("give one of them another name"));

    [Test]
    public void OneSharedParameterOfTwoIsNotEnough()
    {
        string layers = string.Concat(new[] { "a", "b" }.Select(top =>
            $"layer {{ name: 'ip' type: 'InnerProduct' bottom: 'x' top: '{top}' param {{ name: 'w' }} "
                + $"inner_product_param {{ num_output: 3 }} }}\n"));
        Assert.That(() => NetText.Build(Input + layers),
            Throws.TypeOf<LayerException>().With.Message.Contains("both have parameters"));
    }

    [Test]
    public void LayersOfOneNameInDifferentPhasesAreNormal()
    {
        string net = Input + InnerProduct("x", "a", "include { phase: TRAIN }")
            + InnerProduct("x", "a", "include { phase: TEST }");
        LogCapture log = new();
        using Net train = NetText.Build(net, logger: log), test = NetText.Build(net, Phase.Test, logger: log);
        Assert.That((train.Layers.Count, test.Layers.Count), Is.EqualTo((2, 2)));
        Assert.That(log.Lines.Select(line => line.Line), Has.None.Contains("has the name of"));
    }

    [Test]
    public void LayersOfOneNameThatShareAllParametersAreLoadedAndStored()
    {
        string net = Input + InnerProduct("x", "a", "param { name: 'w' }")
            + InnerProduct("a", "b", "param { name: 'w' }");
        using Net first = NetText.Build(net), second = NetText.Build(net, Phase.Test);
        first.LearnableParameters[0].Blob.Data.Fill(0.25f);
        second.CopyTrainedLayersFrom(first.ToProto());
        foreach (Layer layer in second.Layers.Where(layer => layer.Name == "ip"))
            Assert.That(layer.Blobs[0].Data.AsReadOnlySpan().ToArray(), Is.All.EqualTo(0.25f));
    }

    [Test]
    public void ALayerWithoutParametersMayHaveTheNameOfOneWithSome()
    {
        const string ReLU = "layer { name: 'ip' type: 'ReLU' bottom: 'a' top: 'a' }\n";
        LogCapture log = new();
        foreach (string net in new[]
            { Input + InnerProduct("x", "a") + ReLU, Input + ReLU.Replace("'a'", "'x'", StringComparison.Ordinal)
            + InnerProduct("x", "a") })
        {
            using Net first = NetText.Build(net, logger: log), second = NetText.Build(net);
            first.LearnableParameters[0].Blob.Data.Fill(0.5f);
            second.CopyTrainedLayersFrom(first.ToProto());
            Assert.That(second.LearnableParameters[0].Blob.Data.AsReadOnlySpan().ToArray(), Is.All.EqualTo(0.5f));
            Assert.That(second.FindLayer("ip")!.Type, Is.EqualTo("InnerProduct"));
            using Net test = NetText.Build(net, Phase.Test);
            test.ShareTrainedLayersWith(first);
            Assert.That(test.FindLayer("ip")!.Blobs[0].Data.Memory,
                Is.SameAs(first.FindLayer("ip")!.Blobs[0].Data.Memory));
        }
        Assert.That(log.Lines,
            Has.Some.Matches<(LogLevel Severity, string Line)>(line => line.Severity == LogLevel.Warning
            && line.Line.Contains(
                "net.prototxt:3:1: layer 'ip' (ReLU) has the name of net.prototxt:2:1: layer 'ip' (InnerProduct)",
                StringComparison.Ordinal)));
    }

    [Test]
    public void DropoutsOfOneNameDrawForThemselvesAndResumeForThemselves()
    {
        string net = "layer { name: 'in' type: 'Input' top: 'x' input_param { shape { dim: 1 dim: 64 } } }\n"
            + "layer { name: 'drop' type: 'Dropout' bottom: 'x' top: 'a' }\nlayer { name: 'drop' type: 'Dropout' "
            + "bottom: 'x' top: 'b' }\n";
        using Net first = NetText.Build(net), second = NetText.Build(net);
        first.Inputs[0].Data.Fill(1);
        second.Inputs[0].Data.Fill(1);
        first.Forward();
        Assert.That(Values(first, "a"), Is.Not.EqualTo(Values(first, "b")));
        NetRunningState state = first.SaveState();
        first.Forward();
        second.LoadState(state);
        second.Forward();
        Assert.That((Values(second, "a"), Values(second, "b")), Is.EqualTo((Values(first, "a"), Values(first, "b"))));
    }

    [Test]
    public void WeightsOfTwoLayersOfOneNameAreRefusedWhereTheyDiffer()
    {
        using Net net = NetText.Build(Input + InnerProduct("x", "a"));
        NetParameter weights = net.ToProto();
        LayerParameter again = weights.Layer[1].Clone();
        weights.Layer.Add(again);
        Assert.That(() => net.CopyTrainedLayersFrom(weights), Throws.Nothing);
        again.Blobs[0].Data[4] += 1;
        Assert.That(() => net.CopyTrainedLayersFrom(weights),
            Throws.TypeOf<LayerException>().With.Message.Contains(
                "the weights: two layers of this name with different parameters"));
        again.Name = weights.Layer[1].Name = "elsewhere";
        Assert.That(() => net.CopyTrainedLayersFrom(weights), Throws.Nothing);
    }

    [Test]
    public void WeightsAreComparedInTheOrderOfTheirName()
    {
        static NetParameter Two(float first, float second) => new()
        {
            Layer =
            {
                new LayerParameter { Name = "a",
                    Blobs = { new BlobProto { Shape = new BlobShape { Dim = { 1 } }, Data = { first } } } },
                new LayerParameter { Name = "a" },
                new LayerParameter { Name = "a",
                    Blobs = { new BlobProto { Shape = new BlobShape { Dim = { 1 } }, Data = { second } } } },
            },
        };

        Assert.That(WeightsDifference.Between(Two(1, 2), Two(1, 4)).Select(difference => difference.MaxAbsolute),
            Is.EqualTo(new double?[] { 0, 2 }));
    }

    private static float[] Values(Net net, string blob) => net.FindBlob(blob)!.Data.AsReadOnlySpan().ToArray();
}
