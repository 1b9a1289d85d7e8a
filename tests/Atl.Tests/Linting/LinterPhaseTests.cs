using Atl.Layers;
using Atl.Linting;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Linting;

/// <summary>A net that is the same in both phases is built once, and answered for both.</summary>
public sealed class LinterPhaseTests
{
    private const string Input = "layer { name: 'i' type: 'Input' top: 'x' input_param { shape { dim: 2 dim: 3 } } }\n";

    [TestCase("type: 'ReLU'", false)]
    [TestCase("type: 'Dropout'", false)]
    [TestCase("type: 'Convolution' convolution_param { num_output: 2 axis: 0 kernel_size: 1 }", false)]
    [TestCase("type: 'BatchNorm'", false)]
    [TestCase("type: 'BatchNorm' loss_weight: 1", true)]
    [TestCase("type: 'BatchNorm' loss_weight: 1", false, true)]
    [TestCase("type: 'BatchNorm' loss_weight: 1 batch_norm_param { use_global_stats: true }", false)]
    [TestCase("type: 'BN'", true)]
    public void ALayerAsksForItsPhaseWhereItsShapesOrItsMemoryDependOnIt(string layer, bool asks, bool inPlace = false)
    {
        string text = Input.Replace("'x'", "'w'")
            + "layer { name: 'p' type: 'InnerProduct' bottom: 'w' top: 'x' inner_product_param { num_output: 3 } }\n"
            + $"layer {{ name: 'l' bottom: 'x' top: '{(inPlace ? "x" : "y")}' {layer} }}";
        Assert.That(AsksForPhase(text), Is.EqualTo(asks));
    }

    // TEST leaves the logits as they are: then backward reads others where the margin works on all logits.
    [TestCase("type: 'AdditiveMargin'", false)]
    [TestCase("type: 'CombinedMargin'", false)]
    [TestCase("type: 'LabelSpecificAdd'", false)]
    [TestCase("type: 'LabelSpecificRescale'", false)]
    [TestCase("type: 'CosinAddm'", false)]
    [TestCase("type: 'CosinAddm' cosin_add_m_param { t: 1.2 }", true)]
    public void AMarginAsksForItsPhaseWhereItsBackwardReadsOtherBlobs(string layer, bool asks)
    {
        string text = Input + "layer { name: 'j' type: 'Input' top: 'label' input_param { shape { dim: 2 } } }\n"
            + $"layer {{ name: 'l' bottom: 'x' bottom: 'label' top: 'y' {layer} }}";
        Assert.That(AsksForPhase(text), Is.EqualTo(asks));
    }

    // What keeps logits from being cosines matters in training alone, and is said once.
    [Test]
    public void AMarginsFaultIsNotedOnce()
    {
        LintedFile file = Lint(
            Input + "layer { name: 'j' type: 'Input' top: 'label' input_param { shape { dim: 2 } } }\n"
            + "layer { name: 'p' type: 'InnerProduct' bottom: 'x' top: 'z' inner_product_param { num_output: 3 } }\n"
            + "layer { name: 'l' type: 'AdditiveMargin' bottom: 'z' bottom: 'label' top: 'y' }");
        Assert.That(file.Nets.Select(net => (net.Phase, net.Status)),
            Is.EqualTo([("TRAIN", LintStatus.Built), ("TEST", LintStatus.Built)]), file.Message);
        Assert.That(file.Notes.Count(note => note.Contains("layer 'l' (AdditiveMargin): expects cosines")),
            Is.EqualTo(1), string.Join('\n', file.Notes));
    }

    [TestCase("layer { name: 'l' type: 'ReLU' bottom: 'x' top: 'y' }", 2, 2)]
    [TestCase("layer { name: 'l' type: 'BatchNorm' bottom: 'x' top: 'y' }", 2, 2)]
    [TestCase("layer { name: 'l' type: 'ReLU' bottom: 'x' top: 'y' include { phase: TEST } }", 1, 2)]
    [TestCase("layer { name: 'l' type: 'ReLU' bottom: 'x' top: 'y' exclude { phase: TEST } }", 2, 1)]
    public void EachPhaseHasItsLayers(string layer, int train, int test)
    {
        LintedFile file = Lint(Input + layer);
        Assert.That(file.Status, Is.EqualTo(LintStatus.Built), file.Message);
        Assert.That(file.Nets.Select(net => (net.Phase, net.Layers)),
            Is.EqualTo([("TRAIN", train), ("TEST", test)]));
    }

    // The message of a net that is never run stays as the file has it: -fix writes it, and the other phase reads it.
    [TestCase(true)]
    [TestCase(false)]
    public void ALayersMessageIsCopiedWhereTheNetIsRun(bool isRun)
    {
        NetParameter written = TextFormat.Parse<NetParameter>(
            Input + "layer { name: 'l' type: 'Dropout' bottom: 'x' top: 'y' }");
        NetOptions options = new() { Phase = Phase.Test, KeepAll = true, ShapesOnly = !isRun };
        using Net net = new(written, options);
        Assert.That(written.Layer.Select(layer => layer.HasPhase), Is.All.False);
        Assert.That(net.Layers.Select(layer => layer.Phase), Is.All.EqualTo(Phase.Test));
        Assert.That(ReferenceEquals(net.Layers[1].Parameter, written.Layer[1]), Is.EqualTo(!isRun));
    }

    [Test]
    public void AFaultOfBothPhasesIsThatOfEach()
    {
        LintedFile file = Lint(Input + "layer { name: 'c' type: 'Softmax' bottom: 'x' bottom: 'x' top: 'y' }");
        Assert.That(file.Message, Does.Contain("layer 'c'"));
        Assert.That(file.Nets.Select(net => (net.Phase, net.Status, net.Message)),
            Is.EqualTo([("TRAIN", LintStatus.Error, file.Message), ("TEST", LintStatus.Error, file.Message)]));
    }

    private static bool AsksForPhase(string text)
    {
        PhaseWatch watch = new();
        NetOptions options = new() { Phase = Phase.Train, KeepAll = true, ShapesOnly = true, PhaseWatch = watch };
        using Net net = new(TextFormat.Parse<NetParameter>(text), options);
        return watch.WasAsked;
    }

    private static LintedFile Lint(string net)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["net.prototxt"], net);
        return new Linter(allowUnknownFields: false).Check(folder["net.prototxt"]);
    }
}
