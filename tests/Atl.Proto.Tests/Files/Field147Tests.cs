using Atl.TestSupport;
using Google.Protobuf;

namespace Atl.Proto.Tests.Files;

/// <summary>Field 147 of a binary layer: MarginInnerProduct here, Swish in BVLC, other things elsewhere.</summary>
public sealed class Field147Tests
{
    private const string SwishNet = "layer { name: 's' type: 'Swish' swish_param { beta: 2.5 } }";
    private const string MarginNet =
        "layer { name: 'm' type: 'MarginInnerProduct' margin_inner_product_param { num_output: 7 type: QUADRUPLE "
            + "lambda_min: 5 exact_gradient: true } }";

    private string _path = "";

    [SetUp]
    public void MakeFile() => _path = Path.GetTempFileName();

    [TearDown]
    public void RemoveFile() => File.Delete(_path);

    [Test]
    public void SwishIsWrittenAsBvlcReadsIt()
    {
        NetParameter net = TextFormat.Parse<NetParameter>(SwishNet);
        ProtoFiles.WriteNetBinary(_path, net);
        Assert.That(FieldOfFirstLayer(147), Is.EqualTo(new SwishParameter { Beta = 2.5f }.ToByteArray()));
        Assert.That(FieldOfFirstLayer(149), Is.Null);
        Assert.That(ProtoFiles.ReadNetBinary(_path), Is.EqualTo(net));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.Field147)]
    public void SwishIsReadFromEitherNumber()
    {
        NetParameter net = TextFormat.Parse<NetParameter>(SwishNet);
        File.WriteAllBytes(_path, net.ToByteArray());
        Assert.That(FieldOfFirstLayer(149), Is.Not.Null);
        Assert.That(ProtoFiles.ReadNetBinary(_path), Is.EqualTo(net));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.Field147)]
    public void MarginInnerProductKeepsItsNumber()
    {
        NetParameter net = TextFormat.Parse<NetParameter>(MarginNet + SwishNet);
        ProtoFiles.WriteNetBinary(_path, net);
        Assert.That(FieldOfFirstLayer(147), Is.EqualTo(net.Layer[0].MarginInnerProductParam.ToByteArray()));
        Assert.That(ProtoFiles.ReadNetBinary(_path), Is.EqualTo(net));
    }

    [Test]
    public void AForeignParameterSurvives()
    {
        // Field 3 of this message is text: read as MarginInnerProductParameter it would be a broken filler.
        byte[] foreign = [0x08, 0x05, 0x1A, 0x03, (byte)'a', (byte)'b', (byte)'c'];
        byte[] layer = [.. new LayerParameter { Name = "c", Type = "DomainTransform" }.ToByteArray(), 0x9A, 0x09,
            (byte)foreign.Length, .. foreign];
        File.WriteAllBytes(_path, [0xA2, 0x06, (byte)layer.Length, .. layer]);
        NetParameter net = ProtoFiles.ReadNetBinary(_path);
        Assert.That(net.Layer[0].MarginInnerProductParam, Is.Null);
        Assert.That(net.Layer[0].ForeignParam.ToByteArray(), Is.EqualTo(foreign));
        ProtoFiles.WriteNetBinary(_path, net);
        Assert.That(FieldOfFirstLayer(147), Is.EqualTo(foreign));
    }

    [Test]
    public void UnknownFieldsSurvive()
    {
        // Field 900 of a layer, a number that no known dialect uses: varint 5.
        byte[] layer = [.. new LayerParameter { Name = "c" }.ToByteArray(), 0xA0, 0x38, 0x05];
        byte[] file = [0xA2, 0x06, (byte)layer.Length, .. layer];
        File.WriteAllBytes(_path, file);
        ProtoFiles.WriteNetBinary(_path, ProtoFiles.ReadNetBinary(_path));
        Assert.That(File.ReadAllBytes(_path), Is.EqualTo(file));
    }

    [Test]
    public void ProtocReadsWhatWeWrite()
    {
        ProtoFiles.WriteNetBinary(_path, TextFormat.Parse<NetParameter>(MarginNet));
        byte[]? text = Protoc.Decode("caffe.NetParameter", File.ReadAllBytes(_path));
        Assert.That(TextFormat.Parse<NetParameter>(text!), Is.EqualTo(TextFormat.Parse<NetParameter>(MarginNet)));
    }

    private byte[]? FieldOfFirstLayer(int number) =>
        Field(Field(File.ReadAllBytes(_path), NetParameter.LayerFieldNumber)!, number);

    private static byte[]? Field(byte[] message, int number)
    {
        CodedInputStream input = new(message);
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == number)
                return input.ReadBytes().ToByteArray();
            input.SkipLastField();
        }
        return null;
    }
}
