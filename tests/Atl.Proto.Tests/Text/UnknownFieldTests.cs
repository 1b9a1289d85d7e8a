namespace Atl.Proto.Tests.Text;

/// <summary>Fields that the schema lacks: all of a file in one error.</summary>
public sealed class UnknownFieldTests
{
    [Test]
    public void AllOfAFileAreNamedInItsOrderAndEachOnce()
    {
        PrototxtException error = Assert.Throws<PrototxtException>(() => TextFormat.Parse<NetParameter>("""
            nme: 'n'
            layer { name: 'a' convolution_param { num_outputs: 3 } }
            layer { transform_param { crop_h: 3 } type: 'Data' shiny { nme: 1 deep: [1, 2] } }
            layer { convolution_param { num_outputs: 4 } }
            """, "f"))!;
        Assert.That(error.Message.Split('\n'), Is.EqualTo(
        [
            "f:1:1: 'nme' is not a field of NetParameter, did you mean 'name'?",
            "f:2:39: 'num_outputs' is not a field of ConvolutionParameter, did you mean 'num_output'? (also at 4:29)",
            "f:3:27: 'crop_h' is a field of SSD's Caffe (weiliu89/caffe): crops here are squares: give crop_size",
            "f:3:52: 'shiny' is not a field of LayerParameter",
        ]));
        Assert.That((error.Line, error.Column, error.Problems.Count), Is.EqualTo((1, 1, 5)));
    }

    [Test]
    public void AFaultOfTheFormatComesAfterThoseBeforeIt() => Assert.That(
        () => TextFormat.Parse<NetParameter>("shiny: 1\nname: 3 4", "f"),
        Throws.TypeOf<PrototxtException>().With.Message.EqualTo(
            "f:1:1: 'shiny' is not a field of NetParameter\nf:2:7: '3', expected a string in quotes for 'name'"));

    [Test]
    public void ValuesThatAnEnumLacksAreAmongThem() => Assert.That(
        () => TextFormat.Parse<NetParameter>(
            "layer { loss_param { normalization: PRE_FIXED } pooling_param { pool: MAXX; kernel_size: 3 } "
                + "odd: 1 }", "f"),
        Throws.TypeOf<PrototxtException>().With.Message.EqualTo(
            "f:1:37: 'PRE_FIXED' is a value of R-FCN's Caffe (daijifeng001/caffe-rfcn): give loss_weight, the desired "
                + "fraction, and normalization: NONE\nf:1:71: 'MAXX' is not a value of PoolMethod for 'pool', did you "
                + "mean 'MAX'?\nf:1:94: 'odd' is not a field of LayerParameter"));

    [Test]
    public void ACallerMayTakeThemInPlaceOfTheError()
    {
        List<PrototxtProblem> unknown = [];
        NetParameter net = TextFormat.Parse<NetParameter>("name: 'n' b: 1 layer { a: 2 }", "f",
            new TextFormatOptions { UnknownField = unknown.Add });
        Assert.That(net, Is.EqualTo(TextFormat.Parse<NetParameter>("name: 'n' layer { }")));
        Assert.That(unknown.Select(field => (field.Location.Column, field.Message)),
            Is.EqualTo([(11, "NetParameter"), (24, "LayerParameter")]));
    }

    [Test]
    public void ManyPlacesOfOneFieldAreCounted() => Assert.That(
        () => TextFormat.Parse<NetParameter>(string.Concat(Enumerable.Repeat("layer { odd: 1 }\n", 12)), "f"),
        Throws.TypeOf<PrototxtException>().With.Message.EndsWith(
            "(also at 2:9, 3:9, 4:9, 5:9, 6:9, 7:9, 8:9, 9:9 and 3 more places)"));

    [Test]
    public void ValuesThatAForksFieldHeldCanBeFound()
    {
        NetParameter net =
            TextFormat.Parse<NetParameter>("layer { type: 'AnnotatedData' transform_param { resize_param { height: "
                + "30 width: 40 } } }", "f");
        TransformationParameter transform = net.Layer[0].TransformParam;
        Assert.That(SourceMap.FindPassedOver(transform, "resize_param.height"), Is.EqualTo("30"));
        Assert.That(SourceMap.FindPassedOver(SourceMap.CloneWithPlaces(net).Layer[0].TransformParam,
            "resize_param.width"), Is.EqualTo("40"));
        Assert.That(SourceMap.FindPassedOver(transform, "resize_param.prob"), Is.Null);
    }
}
