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
        PhaseWatch watch = new();
        NetOptions options = new() { Phase = Phase.Train, KeepAll = true, ShapesOnly = true, PhaseWatch = watch };
        using Net net = new(TextFormat.Parse<NetParameter>(text), options);
        Assert.That(watch.WasAsked, Is.EqualTo(asks));
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

    private static LintedFile Lint(string net)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["net.prototxt"], net);
        return new Linter(allowUnknownFields: false).Check(folder["net.prototxt"]);
    }
}
