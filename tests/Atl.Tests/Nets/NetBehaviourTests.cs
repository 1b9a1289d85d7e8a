using Atl.Devices;
using Atl.Layers;
using Atl.Nets;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Nets;

/// <summary>The behaviours of a Caffe-compatible net that are easily got wrong.</summary>
public sealed class NetBehaviourTests
{
    private const string Input =
        "layer { name: 'in' type: 'Input' top: 'x' input_param { shape { dim: 2 dim: 3 } } }\n";

    private static string InnerProduct(string name, string more, int outputs = 3, string top = "") =>
        $"layer {{ name: '{name}' type: 'InnerProduct' bottom: 'x' top: '{(top.Length > 0 ? top : name)}' {more} "
            + $"inner_product_param {{ num_output: "
            + $"{outputs} weight_filler {{ type: 'xavier' }} bias_term: false }} }}\n";

    private static string Loss(string bottom) =>
        $"layer {{ name: 'loss_{bottom}' type: 'Reduction' bottom: '{bottom}' top: 'loss_{bottom}' loss_weight: 1 }}\n";

    [Test]
    [CaffeBehaviour(CaffeBehaviour.LrMultZero)]
    public void ParametersWithLrMult0GetNoGradientWork()
    {
        using Net net = NetText.Build(Input + InnerProduct("frozen", "param { lr_mult: 0 }") + Loss("frozen"));
        Assert.That(net.NeedsBackward(1), Is.False);
        Assert.That(net.FindLayer("frozen")!.ParamPropagateDown(0), Is.False);
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.PropagateDownFalse)]
    public void PropagateDownFalseStopsTheGradient()
    {
        string below = InnerProduct("below", "");
        string above = "layer { name: 'above' type: 'InnerProduct' bottom: 'below' top: 'above' {0} "
            + "inner_product_param { num_output: "
            + "2 weight_filler { type: 'xavier' } } }\n";
        using Net stopped = NetText.Build(Input + below
            + above.Replace("{0}", "propagate_down: false", StringComparison.Ordinal) + Loss("above"));
        using Net open = NetText.Build(Input + below + above.Replace("{0}", "", StringComparison.Ordinal)
            + Loss("above"));
        Assert.That((stopped.NeedsBackward(1), stopped.NeedsBackward(2), stopped.BottomNeedsBackward(2, 0)),
            Is.EqualTo((false, true, false)));
        Assert.That((open.NeedsBackward(1), open.BottomNeedsBackward(2, 0)), Is.EqualTo((true, true)));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.PropagateDownTrue)]
    public void PropagateDownTrueStartsNoBackwardWithoutParameters()
    {
        using Net net = NetText.Build(Input
            + "layer { name: 'r' type: 'ReLU' bottom: 'x' top: 'r' propagate_down: true }\n" + Loss("r"));
        Assert.That(net.NeedsBackward(1), Is.False);
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.SharedParameters)]
    public void SharedParametersAreOneWithTheirGradientsSummed()
    {
        using Net net = NetText.Build(Input + InnerProduct("a", "param { name: 'w' }")
            + InnerProduct("b", "param { name: 'w' }") + Loss("a") + Loss("b"));
        Assert.That(net.LearnableParameters, Has.Count.EqualTo(1));
        Assert.That(net.FindLayer("b")!.Blobs[0].Data.Memory, Is.SameAs(net.FindLayer("a")!.Blobs[0].Data.Memory));
        net.Inputs[0].Data.Fill(1);
        net.Forward();
        net.ClearParameterDiffs();
        net.Backward();
        // Each layer's gradient is the sum over the two samples.
        Assert.That(net.LearnableParameters[0].Blob.Diff.AsReadOnlySpan().ToArray(), Is.All.EqualTo(4));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.StrictSharing)]
    public void StrictSharingAsksForEqualShapes() => Assert.That(
        () => NetText.Build(Shared("")), Throws.TypeOf<LayerException>()
            .With.Message.Contains("cannot share parameter 'w' (parameter 0) of shape 3 3 (9) with layer 'a', whose "
                + "shape is 9 1 (9)"));

    [Test]
    [CaffeBehaviour(CaffeBehaviour.PermissiveSharing)]
    public void PermissiveSharingAsksForEqualCountsAlone()
    {
        using Net net = NetText.Build(Shared("share_mode: PERMISSIVE"));
        Assert.That(net.LearnableParameters, Has.Count.EqualTo(1));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.WeightsByLayerName)]
    public void WeightsAreCopiedByLayerNameAndUnknownLayersIgnored()
    {
        using Net net = NetText.Build(Input + InnerProduct("ip", ""));
        net.CopyTrainedLayersFrom(Weights("ip", new BlobShape { Dim = { 3, 3 } }));
        Assert.That(net.FindLayer("ip")!.Blobs[0].Data.AsReadOnlySpan()[8], Is.EqualTo(8));
        Assert.That(() => net.CopyTrainedLayersFrom(Weights("other", new BlobShape { Dim = { 7 } })), Throws.Nothing);
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.WeightsOfAnotherShape)]
    public void WeightsOfAnotherShapeAreRefusedWithBothShapes()
    {
        using Net net = NetText.Build(Input + InnerProduct("ip", ""));
        Assert.That(
            () => net.CopyTrainedLayersFrom(Weights("ip", new BlobShape { Dim = { 9, 1 } })),
            Throws.TypeOf<LayerException>().With.Message.Contains(
                "the weights' shape is 9 1 (9), the net's is 3 3 (9)"));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.LegacyShapes)]
    public void LegacyFourAxesEqualTheirSqueezedForm()
    {
        using Net net = NetText.Build(Input + InnerProduct("ip", ""));
        NetParameter weights = Weights("ip", null);
        (weights.Layer[0].Blobs[0].Num, weights.Layer[0].Blobs[0].Channels, weights.Layer[0].Blobs[0].Height,
            weights.Layer[0].Blobs[0].Width) = (1, 1, 3, 3);
        net.CopyTrainedLayersFrom(weights);
        Assert.That(net.FindLayer("ip")!.Blobs[0].Data.AsReadOnlySpan()[5], Is.EqualTo(5));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.DoubleWeights)]
    public void WeightsMayBeDoubles()
    {
        using Net net = NetText.Build(Input + InnerProduct("ip", ""));
        NetParameter weights = Weights("ip", new BlobShape { Dim = { 3, 3 } });
        weights.Layer[0].Blobs[0].Data.Clear();
        weights.Layer[0].Blobs[0].DoubleData.Add(Enumerable.Range(0, 9).Select(i => i + 0.5));
        net.CopyTrainedLayersFrom(weights);
        Assert.That(net.FindLayer("ip")!.Blobs[0].Data.AsReadOnlySpan()[4], Is.EqualTo(4.5f));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.LossWeightByDefault)]
    public void ALossLayersFirstTopHasWeight1()
    {
        using Net net = NetText.Build(Input
            + "layer { name: 'y' type: 'DummyData' top: 'y' dummy_data_param { shape { dim: 2 dim: 3 } } } layer "
            + "{ name: "
            + "'l' type: 'EuclideanLoss' bottom: 'x' bottom: 'y' top: 'l' }");
        Assert.That(net.OutputLossWeight(0), Is.EqualTo(1));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.ForceBackwardBesideLabels)]
    public void ForceBackwardLeavesOutBottomsThatHaveNoGradient()
    {
        using Net net = NetText.Build("force_backward: true\n" + Input
            + "layer { name: 'y' type: 'Input' top: 'y' input_param { shape { dim: 2 } } }\n" + InnerProduct("ip", "")
            + "layer { name: 'most' type: 'ArgMax' bottom: 'ip' top: 'most' } layer { name: 'accuracy' type: "
            + "'Accuracy' bottom: 'ip' bottom: 'y' top: 'accuracy' }\n"
            + "layer { name: 'row' type: 'Embed' bottom: 'y' top: 'row' embed_param { input_dim: 3 num_output: 2 } "
            + "} layer { name: "
            + "'over' type: 'Threshold' bottom: 'ip' top: 'over' }\n"
            + "layer { name: 'loss' type: 'SoftmaxWithLoss' bottom: 'ip' bottom: 'y' top: 'loss' }");
        net.Inputs[0].Data.Fill(1);
        net.Forward();
        net.ClearParameterDiffs();
        net.Backward();
        Assert.That(net.FindBlob("x")!.Diff.AsReadOnlySpan().ToArray(), Has.Some.Not.Zero);
    }

    [Test]
    public void ANetMadeForItsShapesTakesNoMemoryAndDoesNotRun()
    {
        NetParameter parameter =
            TextFormat.Parse<NetParameter>(Input.Replace("dim: 3", "dim: 30000", StringComparison.Ordinal)
            + InnerProduct("ip", "", outputs: 30000));
        long before = Device.Cpu.BytesInUse;
        using Net net = new(parameter, new NetOptions { ShapesOnly = true });
        Assert.That(NetSummary.Of(net), Has.Property("ParameterCount").EqualTo(900_000_000).And.Property("MultiplyAdds")
            .EqualTo(1_800_000_000));
        Assert.That(Device.Cpu.BytesInUse, Is.EqualTo(before));
        Assert.That(() => net.Forward(), Throws.InvalidOperationException);
    }

    private static string Shared(string mode) =>
        "layer { name: 'in1' type: 'Input' top: 'one' input_param { shape { dim: 2 dim: 1 } } }\n" + Input
        + "layer { name: 'a' type: 'InnerProduct' bottom: 'one' top: 'a' param { name: 'w' } inner_product_param { "
        + "num_output: 9 bias_term: false } }\n"
            + InnerProduct("b", $"param {{ name: 'w' {mode} }}");

    private static NetParameter Weights(string layer, BlobShape? shape)
    {
        BlobProto blob = new();
        if (shape is not null) blob.Shape = shape;
        blob.Data.Add(Enumerable.Range(0, 9).Select(i => (float)i));
        return new NetParameter
        {
            Layer =
            { new LayerParameter { Name = layer, Type = "InnerProduct", Blobs = { blob } } }
        };
    }
}
