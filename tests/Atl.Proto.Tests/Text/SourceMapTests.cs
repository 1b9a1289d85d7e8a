namespace Atl.Proto.Tests.Text;

/// <summary>Messages know where they stood in their file.</summary>
public sealed class SourceMapTests
{
    private const string Text =
        "name: 'n'\nlayer { name: 'a'\n  top: 'x'\n  top: 'y'\n  convolution_param {\n    kernel_size: [3, 3]\n  "
            + "}\n}\n  layer { name: 'a' }\n";

    private readonly NetParameter _net = TextFormat.Parse<NetParameter>(Text, "n.prototxt");

    [Test]
    public void FindsMessages()
    {
        Assert.That(Place(SourceMap.Find(_net)), Is.EqualTo("n.prototxt:1:1"));
        Assert.That(Place(SourceMap.Find(_net.Layer[0])), Is.EqualTo("n.prototxt:2:1"));
        Assert.That(Place(SourceMap.Find(_net.Layer[0].ConvolutionParam)), Is.EqualTo("n.prototxt:5:3"));
        Assert.That(Place(SourceMap.Find(_net.Layer[1])), Is.EqualTo("n.prototxt:9:3"));
    }

    [Test]
    public void FindsFieldsAtTheirFirstPlace()
    {
        LayerParameter layer = _net.Layer[0];
        Assert.That(Place(SourceMap.Find(layer, LayerParameter.TopFieldNumber)), Is.EqualTo("n.prototxt:3:3"));
        Assert.That(Place(SourceMap.Find(layer.ConvolutionParam, ConvolutionParameter.KernelSizeFieldNumber)),
            Is.EqualTo("n.prototxt:6:5"));
        Assert.That(Place(SourceMap.Find(layer, LayerParameter.BottomFieldNumber)), Is.EqualTo("n.prototxt:2:1"),
            "a field not given has its message's place");
    }

    [Test]
    public void EqualMessagesAreToldApart()
    {
        var twin = new LayerParameter { Name = "a" };
        Assert.That(twin, Is.EqualTo(_net.Layer[1]));
        Assert.That(SourceMap.Find(twin), Is.Null);
        Assert.That(SourceMap.Find(twin, LayerParameter.NameFieldNumber), Is.Null);
        Assert.That(SourceMap.Prefix(twin), Is.Empty);
        Assert.That(SourceMap.Prefix(_net.Layer[1]), Is.EqualTo("n.prototxt:9:3: "));
    }

    [Test]
    public void ClonesKeepTheirPlaces()
    {
        NetParameter clone = SourceMap.CloneWithPlaces(_net);
        Assert.That(clone, Is.EqualTo(_net).And.Not.SameAs(_net));
        Assert.That(Place(SourceMap.Find(clone.Layer[0].ConvolutionParam)), Is.EqualTo("n.prototxt:5:3"));
        LayerParameter plain = _net.Layer[0].Clone();
        Assert.That(SourceMap.Find(plain), Is.Null);
        SourceMap.Copy(_net.Layer[0], plain);
        Assert.That(Place(SourceMap.Find(plain, LayerParameter.TopFieldNumber)), Is.EqualTo("n.prototxt:3:3"));
    }

    private static string? Place(SourceLocation? location) => location?.ToString();
}
