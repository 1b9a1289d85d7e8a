using Atl.Layers;

namespace Atl.Tests.Nets;

/// <summary>
/// Layers that would destroy their bottom while they still read it, or whose top has another shape: they cannot write
/// over it, also where the two shapes happen to be equal.
/// </summary>
public sealed class InPlaceRefusedTests
{
    private const string Inputs = """
        layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: 2 dim: 4 dim: 3 dim: 3 } } }
        layer { name: 'y' type: 'Input' top: 'y' input_param { shape { dim: 2 dim: 4 dim: 3 dim: 3 } } }
        layer { name: 'l' type: 'Input' top: 'l' input_param { shape { dim: 2 } } }

        """;

    [TestCase("type: 'Pooling' top: 'x' pooling_param { kernel_size: 2 stride: 2 }")]
    [TestCase("type: 'Pooling' top: 'x' pooling_param { kernel_size: 3 pad: 1 }")]
    [TestCase("type: 'SPP' top: 'x' spp_param { pyramid_height: 2 }")]
    [TestCase("type: 'Tile' top: 'x' tile_param { tiles: 2 }")]
    [TestCase("type: 'Im2col' top: 'x' convolution_param { kernel_size: 3 }")]
    [TestCase("type: 'Reduction' top: 'x' reduction_param { axis: 1 }")]
    [TestCase("type: 'Slice' top: 'x' top: 'b'")]
    [TestCase("type: 'Concat' bottom: 'y' top: 'x'")]
    [TestCase("type: 'Crop' bottom: 'y' top: 'x'")]
    [TestCase("type: 'Filter' bottom: 'l' top: 'x'")]
    [TestCase("type: 'BatchReindex' bottom: 'l' top: 'x'")]
    [TestCase("type: 'ArgMax' top: 'x'")]
    [TestCase("type: 'EuclideanLoss' bottom: 'y' top: 'x'")]
    [TestCase("type: 'Accuracy' bottom: 'l' top: 'x'")]
    [TestCase("type: 'Convolution' top: 'x' convolution_param { num_output: 4 kernel_size: 1 }")]
    [TestCase("type: 'InnerProduct' top: 'x' inner_product_param { num_output: 4 }")]
    [TestCase("type: 'LRN' top: 'x'")]
    [TestCase("type: 'Flatten' top: 'x'")]
    [TestCase("type: 'Split' top: 'x'")]
    [TestCase("type: 'Permute' top: 'x'")]
    public void ALayerThatCannotRunInPlaceSaysSo(string layer) => Assert.That(
        () => NetText.Build($"{Inputs}layer {{ name: 'p' bottom: 'x' {layer} }}"),
        Throws.TypeOf<LayerException>().With.Message.StartsWith("net.prototxt:4:1: layer 'p'")
            .And.Message.Contains("cannot run in place: give the top").And.Message.Contains("of "));

    [TestCase("type: 'Concat'")]
    [TestCase("type: 'Slice'")]
    [TestCase("type: 'Softmax'")]
    [TestCase("type: 'MVN'")]
    [TestCase("type: 'Threshold'")]
    public void ALayerThatKeepsTheShapeElementByElementMayRunInPlace(string layer)
    {
        using Net net = NetText.Build($"{Inputs}layer {{ name: 'p' bottom: 'x' top: 'x' {layer} }}");
        net.Forward();
        Assert.That(net.FindBlob("x")!.Shape, Is.EqualTo(new Shape(2, 4, 3, 3)));
    }
}
