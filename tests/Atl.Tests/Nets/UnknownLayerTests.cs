using Atl.Layers;

namespace Atl.Tests.Nets;

/// <summary>Layer types that are not here: all of a net in one error, before anything else is asked of it.</summary>
public sealed class UnknownLayerTests
{
    [Test]
    public void AllTypesAreNamedWithTheirPlaceAndNearestNameOrOrigin()
    {
        LayerException error = Assert.Throws<LayerException>(() => NetText.Build("""
            layer { name: 'a' type: 'Relu' bottom: 'absent' top: 'y' }
            layer { name: 'b' type: 'DetectionLoss' bottom: 'y' top: 'z' }
            layer { name: 'c' type: 'Relu' bottom: 'z' top: 'w' }
            layer { name: 'd' type: 'Python' bottom: 'w' python_param { module: 'm' layer: 'L' } }
            layer { name: 'e' type: 'GlobalLSEMargin' bottom: 'w' top: 'm' include { phase: TEST } }
            """))!;
        string[] lines = error.Message.Split('\n');
        Assert.That(lines, Has.Length.EqualTo(3));
        Assert.That(lines[0],
            Is.EqualTo("net.prototxt:1:1: layer 'a' (Relu): unknown layer type 'Relu', did you mean 'ReLU'? "
                + "(also 'c')"));
        Assert.That(lines[1],
            Is.EqualTo("net.prototxt:2:1: layer 'b' (DetectionLoss): unknown layer type 'DetectionLoss': "
            + "it is one of MS-CNN's Caffe (zhaoweicai/mscnn) and not here"));
        Assert.That(lines[2],
            Does.StartWith("net.prototxt:4:1: layer 'd' (Python): Python layers are not supported (module 'm', layer "
                + "'L')"));
        Assert.That(error.Layer, Is.EqualTo("a"));
    }
}
