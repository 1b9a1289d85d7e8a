using Atl.Devices;
using Atl.Face.Detection;
using Atl.Proto;
using Atl.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Face.Tests.Detection;

/// <summary>A detector's net and weights that do not belong to it.</summary>
public class DetectorNetTests
{
    private const string Text = """
        layer { name: 'in' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 1 dim: 2 dim: 2 } } }
        layer { name: 'conv1' type: 'Convolution' bottom: 'data' top: 'out' convolution_param { num_output: 1 kernel_size: 1 bias_term: false } }
        """;

    [Test]
    public void ALayerWithoutWeightsIsAnError() => Assert.That(
        () => new DetectorNet(Files("conv_1"), Device.Cpu, NullLogger.Instance, 0),
        Throws.InstanceOf<AtlException>().With.Message.Contains(
            "det1.prototxt: the weights have none for layer 'conv1' (did you mean 'conv_1'?)"));

    [Test]
    public void ALayerWithoutWeightsIsOneWarningWhereAllowed()
    {
        LogCapture log = new();
        NetFiles files = Files("conv_1") with { AllowMissingWeights = true };
        using DetectorNet first = new(files, Device.Cpu, log, 0), second = new(files, Device.Cpu, log, 0);
        Assert.That(log.Warnings.Single(), Does.Contain("the weights have none for layer 'conv1'"));
    }

    [Test]
    public void WeightsOfTheNetAreTaken()
    {
        using DetectorNet net = new(Files("conv1"), Device.Cpu, NullLogger.Instance, 0);
        using ElementLoan input = net.Input(1, 1, 1);
        input.Span[0] = 3;
        net.Forward();
        Assert.That(net.Output(0).Data.ToArray()[0], Is.EqualTo(6));
    }

    private static NetFiles Files(string stored)
    {
        BlobProto two = new() { Shape = new BlobShape { Dim = { 1, 1, 1, 1 } }, Data = { 2 } };
        NetParameter weights = new() { Layer = { new LayerParameter { Name = stored, Blobs = { two } } } };
        return new NetFiles(TextFormat.Parse<NetParameter>(Text), weights, "det1.prototxt");
    }
}
