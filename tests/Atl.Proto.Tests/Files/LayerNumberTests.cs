using Google.Protobuf;

namespace Atl.Proto.Tests.Files;

/// <summary>Binary files of Caffes that give the schema's numbers to other messages, or its messages other
/// numbers.</summary>
public sealed class LayerNumberTests
{
    private string _path = "";

    [SetUp]
    public void MakeFile() => _path = Path.GetTempFileName();

    [TearDown]
    public void RemoveFile() => File.Delete(_path);

    // happynear's 202 and SSD's 203 and 211 of other layers: fields of lengths, which the schema's messages would half
    // understand.
    [TestCase("Insanity", 202)]
    [TestCase("TripletLoss", 203)]
    [TestCase("ROIPooling", 204)]
    [TestCase("ReLU6", 211)]
    [TestCase("Convolution", 147)]
    [TestCase("SegAccuracy", 144)]
    [TestCase("Noise", 207)]
    [TestCase("", 139)]
    public void AnotherMessageIsKeptAndNotRead(string type, int number)
    {
        byte[] file = Net(type, number, [0x0A, 0x02, 0x08, 0x05]);
        File.WriteAllBytes(_path, file);
        List<string> notes = [];
        NetParameter net = ProtoFiles.ReadNetBinary(_path, notes.Add);
        LayerParameter bare = net.Layer[0].Clone();
        bare.ClearForeignParam();
        Assert.That(TextFormat.Print(bare), Is.EqualTo(TextFormat.Print(Named(type))), "no parameter is read");
        Assert.That(notes, Has.Count.EqualTo(number == 207 ? 0 : 1), "a number that is not the schema's needs no note");
        if (notes.Count > 0)
            Assert.That(notes[0], Does.Contain($"layer 'n' ({type}): field {number} is some other Caffe's"));
        ProtoFiles.WriteNetBinary(_path, net);
        Assert.That(File.ReadAllBytes(_path), Is.EqualTo(file));
    }

    [Test]
    public void WeightsBesideAnotherMessageSurvive()
    {
        BlobProto blob = new() { Shape = new BlobShape { Dim = { 3 } }, Data = { 1, 2, 3 } };
        LayerParameter layer = new() { Name = "n", Type = "Insanity", Blobs = { blob, blob } };
        File.WriteAllBytes(_path, Wrap([.. layer.ToByteArray(), .. Field(202, [0x08, 0x05])]));
        NetParameter net = ProtoFiles.ReadNetBinary(_path);
        Assert.That(net.Layer[0].Blobs, Is.EqualTo(layer.Blobs));
        ProtoFiles.WriteNetBinary(_path, net);
        Assert.That(ProtoFiles.ReadNetBinary(_path), Is.EqualTo(net));
        Assert.That(net.Layer[0].Blobs, Has.Count.EqualTo(2), "writing leaves the net as it is");
    }

    [TestCase("CenterLoss", 147, "center_loss_param { num_output: 5 }")]
    [TestCase("Permute", 224, "permute_param { order: 5 }")]
    [TestCase("BN", 152, "bn_param { momentum: 0.5 }")]
    [TestCase("Upsample", 150, "upsample_param { scale: 5 }")]
    [TestCase("Interp", 143, "interp_param { height: 5 }")]
    [TestCase("ROIPooling", 8266711, "roi_pooling_param { pooled_h: 5 }")]
    public void AnotherNumberOfAMessageIsRead(string type, int number, string text)
    {
        File.WriteAllBytes(_path, Net(type, number, text.Contains("momentum", StringComparison.Ordinal)
            ? [0x1D, 0x00, 0x00, 0x00, 0x3F] : [0x08, 0x05]));
        List<string> notes = [];
        LayerParameter expected = TextFormat.Parse<LayerParameter>(text);
        expected.MergeFrom(Named(type));
        Assert.That(ProtoFiles.ReadNetBinary(_path, notes.Add).Layer[0], Is.EqualTo(expected));
        Assert.That(notes, Is.Empty);
    }

    private static LayerParameter Named(string type) => new() { Name = "n", Type = type };

    private static byte[] Net(string type, int number, byte[] message) =>
        Wrap([.. Named(type).ToByteArray(), .. Field(number, message)]);

    private static byte[] Wrap(byte[] layer) => Field(NetParameter.LayerFieldNumber, layer);

    private static byte[] Field(int number, byte[] bytes)
    {
        using MemoryStream stream = new();
        using CodedOutputStream output = new(stream);
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
        output.Flush();
        return stream.ToArray();
    }
}
