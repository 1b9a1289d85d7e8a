using Atl.Face.Detection;
using Atl.Nets;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Face.Tests.Detection;

/// <summary>A detector's net and weights that do not belong to it.</summary>
public class DetectorNetTests
{
    private const string Text = """
        name: 'first'
        layer { name: 'in' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 1 dim: 2 dim: 2 } } }
        layer { name: 'conv1' type: 'Convolution' bottom: 'data' top: 'out' convolution_param { num_output: 1 kernel_size: 1 bias_term: false } }
        """;

    [Test]
    public void ALayerWithoutWeightsIsAnError() => Assert.That(
        () => Load("conv_1", new ModelOptions()),
        Throws.InstanceOf<AtlException>().With.Message.Contains(
            "det1.caffemodel: the weights have none for layer 'conv1' (did you mean 'conv_1'?)"));

    [Test]
    public void ALayerWithoutWeightsIsOneWarningWhereAllowed()
    {
        LogCapture log = new();
        using Model model = Load("conv_1", new ModelOptions { AllowMissingWeights = true, Logger = log });
        using DetectorNet first = new(model, "P-Net", null, 0), second = new(model, "P-Net", null, 0);
        Assert.That(log.Warnings.Single(), Does.Contain("the weights have none for layer 'conv1'"));
    }

    [Test]
    public void WeightsOfTheNetAreTakenAtAnySize()
    {
        using Model model = Load("conv1", new ModelOptions());
        using DetectorNet net = new(model, "P-Net", null, 0);
        net.Input(1, 1, 1)[0] = 3;
        net.Forward();
        Assert.That(net.Output(0).ToArray(), Is.EqualTo([6]));
        net.TakeInput([1, 2, 3], new Shape(1, 1, 1, 3));
        net.Forward();
        Assert.That(net.Output(0).ToArray(), Is.EqualTo([2, 4, 6]));
    }

    [Test]
    public void AnotherOutputIsRefused()
    {
        using Model model = Load("conv1", new ModelOptions());
        Assert.That(() => new DetectorNet(model, "P-Net", null, 4), Throws.TypeOf<AtlException>().With.Message.EqualTo(
            "P-Net (net 'first'): outputs out 1 1 2 2 (4), expected one of 4 channels"));
    }

    private static Model Load(string stored, ModelOptions options)
    {
        BlobProto two = new() { Shape = new BlobShape { Dim = { 1, 1, 1, 1 } }, Data = { 2 } };
        NetParameter weights = new() { Layer = { new LayerParameter { Name = stored, Blobs = { two } } } };
        return new Model(TextFormat.Parse<NetParameter>(Text), [new WeightsFile("det1.caffemodel", weights)], options);
    }
}
