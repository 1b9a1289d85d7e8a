using Atl.Layers;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Nets;

public class NetTests
{
    private const string Input =
        "layer { name: 'in' type: 'Input' top: 'x' input_param { shape { dim: 2 dim: 3 } } }\n";

    [Test]
    [CaffeBehaviour(CaffeBehaviour.RulesOfLayers)]
    public void LayersOfOtherPhasesLevelsAndStagesAreLeftOut()
    {
        const string Text = Input + """
            layer { name: 'train' type: 'ReLU' bottom: 'x' top: 'a' include { phase: TRAIN } }
            layer { name: 'test' type: 'ReLU' bottom: 'x' top: 'b' include { phase: TEST } }
            layer { name: 'high' type: 'ReLU' bottom: 'x' top: 'c' include { min_level: 2 max_level: 3 } }
            layer { name: 'fast' type: 'ReLU' bottom: 'x' top: 'd' include { stage: 'fast' not_stage: 'deep' } }
            layer { name: 'not fast' type: 'ReLU' bottom: 'x' top: 'e' exclude { stage: 'fast' } }
            """;
        Assert.Multiple(() =>
        {
            Assert.That(NetText.Build(Text).LayerNames(), Is.EqualTo(["in", "x_in_0_split", "train", "not fast"]));
            Assert.That(NetText.Build(Text, Phase.Test, true, 2, stages: "fast").LayerNames(),
                Is.EqualTo(["in", "x_in_0_split", "test", "high", "fast"]));
            Assert.That(NetText.Build(Text, Phase.Test, true, 4, stages: ["fast", "deep"]).LayerNames(),
                Is.EqualTo(["in", "test"]));
        });
    }

    [Test]
    public void IncludeAndExcludeTogetherAreAnError() => Assert.That(
        () => NetText.Build(Input
            + "layer { name: 'r' type: 'ReLU' bottom: 'x' top: 'y' include { phase: TRAIN } exclude { phase: TEST } }"),
        Throws.TypeOf<LayerException>().With.Message.StartsWith(
            "net.prototxt:2:1: layer 'r' (ReLU): has include and exclude rules"));

    [Test]
    [CaffeBehaviour(CaffeBehaviour.SplitTops)]
    public void ATopWithSeveralReadersIsSplitAndItsGradientsAreSummed()
    {
        using Net net = NetText.Build(Input + """
            force_backward: true
            layer { name: 'a' type: 'ReLU' bottom: 'x' top: 'a' loss_weight: 2 }
            layer { name: 'b' type: 'ReLU' bottom: 'x' top: 'b' loss_weight: 3 }
            """);
        Assert.That(net.FindBlob("x_in_0_split_1"), Is.Not.Null);
        net.Inputs[0].Data.Fill(1);
        Assert.That(net.Forward(), Is.EqualTo(2 * 6 + 3 * 6));
        net.Backward();
        Assert.That(net.FindBlob("x")!.Diff.AsReadOnlySpan().ToArray(), Is.All.EqualTo(5));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.LossWeightOfAnyTop)]
    public void ALossWeightOnATopThatOthersReadCountsOnce()
    {
        using Net net = NetText.Build(Input + """
            force_backward: true
            layer { name: 'a' type: 'ReLU' bottom: 'x' top: 'a' loss_weight: 2 }
            layer { name: 'b' type: 'ReLU' bottom: 'a' top: 'b' loss_weight: 3 }
            """);
        net.Inputs[0].Data.Fill(1);
        Assert.That(net.Forward(), Is.EqualTo(2 * 6 + 3 * 6));
        net.Backward();
        Assert.That(net.FindBlob("x")!.Diff.AsReadOnlySpan().ToArray(), Is.All.EqualTo(5));
    }

    [Test]
    public void AnUnknownBottomNamesTheNearest() => Assert.That(
        () =>
            NetText.Build("layer { name: 'in' type: 'Input' top: 'data' input_param { shape { dim: 1 } } } layer "
                + "{ name: "
            + "'r' type: 'ReLU' bottom: 'dta' top: 'y' }"),
        Throws.TypeOf<LayerException>().With.Message.Contains(
            "unknown bottom blob 'dta' (bottom 0), did you mean 'data'?"));

    [Test]
    public void AnUnknownLayerTypeNamesPlaceAndNearest() => Assert.That(
        () => NetText.Build(Input + "  layer { name: 'r' type: 'Relu' bottom: 'x' top: 'y' }"),
        Throws.TypeOf<LayerException>().With.Message.EqualTo(
            "net.prototxt:2:3: layer 'r' (Relu): unknown layer type 'Relu', did you mean 'ReLU'?"));

    [Test]
    public void AnUnknownLayerTypeNamesUpToThree() => Assert.That(
        () => NetText.Build(Input + "layer { name: 'r' type: 'XReLU' bottom: 'x' top: 'y' }"),
        Throws.TypeOf<LayerException>().With.Message.Contains(
            "unknown layer type 'XReLU', did you mean 'PReLU', 'ReLU' or 'ELU'?"));

    [Test]
    public void APythonLayerNamesItsModuleAndSaysWhatToDo() => Assert.That(
        () => NetText.Build(Input
            + "layer { name: 'p' type: 'Python' bottom: 'x' top: 'y' python_param { module: 'pyloss' layer: "
            + "'MyLoss' } }"),
        Throws.TypeOf<LayerException>()
            .With.Message.StartsWith("net.prototxt:2:1: layer 'p' (Python): Python layers are not supported (module "
                + "'pyloss', layer 'MyLoss')")
            .And.Message.Contains("replace it with a built-in layer"));

    [Test]
    [CaffeBehaviour(CaffeBehaviour.TopsMadeTwice)]
    public void ATopMadeTwiceNamesBothLayers() => Assert.That(
        () => NetText.Build(Input
            + "layer { name: 'a' type: 'ReLU' bottom: 'x' top: 'y' }\nlayer { name: 'b' type: 'ReLU' bottom: 'x' "
            + "top: 'y' }"),
        Throws.TypeOf<LayerException>().With.Message.Contains(
            "layer 'b' (ReLU): top blob 'y' is already the top of net.prototxt:2:1: layer 'a' (ReLU)"));

    [Test]
    public void BottomsThatDoNotFitAreNamedWithTheirShapesAndLayers() => Assert.That(
        () => NetText.Build("""
            layer { name: 'one' type: 'Input' top: 'x' input_param { shape { dim: 2 dim: 3 } } }
            layer { name: 'other' type: 'Input' top: 'y' input_param { shape { dim: 2 dim: 4 } } }
            layer { name: 'sum' type: 'Eltwise' bottom: 'x' bottom: 'y' top: 'z' }
            """),
        Throws.TypeOf<LayerException>().With.Message.Contains("layer 'sum' (Eltwise)")
            .And.Message.Contains("(the bottoms are 'x' 2 3 (6) from layer 'one', 'y' 2 4 (8) from layer 'other')"));

    [Test]
    [CaffeBehaviour(CaffeBehaviour.InPlaceLayers)]
    public void InPlaceLayersKeepTheirBlob()
    {
        using Net net = NetText.Build(Input + "layer { name: 'a' type: 'ReLU' bottom: 'x' top: 'x' }");
        net.Inputs[0].Data.Fill(-1);
        net.Forward();
        Assert.That(net.Outputs.Single(), Is.SameAs(net.Inputs[0]));
        Assert.That(net.Outputs[0].Data.AsReadOnlySpan().ToArray(), Is.All.Zero);
    }

    [Test]
    public void TooManyBottomsAreAnError() => Assert.That(
        () => NetText.Build(Input + "layer { name: 'a' type: 'ReLU' bottom: 'x' bottom: 'x' top: 'y' }"),
        Throws.TypeOf<LayerException>().With.Message.Contains("takes exactly 1 bottom blobs, found 2"));

    [Test]
    public void PropagateDownMustBeGivenForEachBottom() => Assert.That(
        () => NetText.Build(Input
            + "layer { name: 'a' type: 'ReLU' bottom: 'x' top: 'y' propagate_down: true propagate_down: false }"),
        Throws.TypeOf<LayerException>().With.Message.Contains("propagate_down must be given once for each bottom (1)"));

    [Test]
    public void LossWeightsMustBeGivenForEachTop() => Assert.That(
        () => NetText.Build(Input
            + "layer { name: 'a' type: 'ReLU' bottom: 'x' top: 'y' loss_weight: 1 loss_weight: 1 }"),
        Throws.TypeOf<LayerException>().With.Message.Contains("loss_weight must be given once for each top (1)"));

    [Test]
    [CaffeBehaviour(CaffeBehaviour.BackwardWhereNeeded)]
    public void WithoutParametersOrForceBackwardNothingIsRunBackward()
    {
        using Net net = NetText.Build(Input + "layer { name: 'a' type: 'ReLU' bottom: 'x' top: 'y' loss_weight: 1 }");
        Assert.That(net.NeedsBackward(1), Is.False);
    }
}
