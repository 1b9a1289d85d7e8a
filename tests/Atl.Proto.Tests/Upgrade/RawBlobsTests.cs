using System.Buffers.Binary;
using Atl.TestSupport;
using Google.Protobuf;
using RawType = Atl.Proto.BlobProto.Types.RawType;

namespace Atl.Proto.Tests.Upgrade;

/// <summary>Blobs as NVIDIA/caffe stores them.</summary>
public sealed class RawBlobsTests
{
    private static readonly float[] Values = [0, 1, -2.5f, 65504, 0.000061035156f, -0.33325195f];

    [TestCase(RawType.Float16)]
    [TestCase(RawType.Float)]
    [TestCase(RawType.Double)]
    public void ValuesAndGradientsAreDecoded(RawType type)
    {
        using TemporaryFolder folder = new();
        BlobProto blob = Raw(type, Values);
        (blob.RawDiff, blob.RawDiffType) = (Bytes(RawType.Float, Values), RawType.Float);
        File.WriteAllBytes(folder["w.caffemodel"], Net(blob).ToByteArray());
        List<string> notes = [];
        BlobProto read = ProtoFiles.ReadNetBinary(folder["w.caffemodel"], notes.Add).Layer[0].Blobs[0];
        BlobProto expected = new() { Shape = new BlobShape { Dim = { 2, 3 } }, Diff = { Values } };
        if (type == RawType.Double) expected.DoubleData.Add(Values.Select(value => (double)value));
        else expected.Data.Add(Values);
        Assert.That(read, Is.EqualTo(expected));
        Assert.That(notes,
            Is.EqualTo(
                [$"{folder["w.caffemodel"]}: moved raw_data of 1 blob into data: the weights are NVIDIA/caffe's"]));
    }

    [Test]
    public void HalvesOfAllKindsAreDecoded()
    {
        // Infinity, NaN, the least subnormal, minus zero.
        byte[] bytes = [0x00, 0x7C, 0x01, 0x7E, 0x01, 0x00, 0x00, 0x80];
        BlobProto blob = new()
        {
            Shape = new BlobShape { Dim = { 4 } },
            RawData = ByteString.CopyFrom(bytes),
            RawDataType = RawType.Float16
        };
        RawBlobs.Apply(blob, "");
        Assert.That(blob.Data, Is.EqualTo([float.PositiveInfinity, float.NaN, MathF.ScaleB(1, -24), -0f]));
    }

    [Test]
    public void LayersOfTheV1FormatStatesMeansAndTextHaveThemToo()
    {
        using TemporaryFolder folder = new();
        NetParameter v1 =
            new() { Layers = { new V1LayerParameter { Name = "a", Blobs = { Raw(RawType.Float16, Values) } } } };
        File.WriteAllBytes(folder["v1"], v1.ToByteArray());
        Assert.That(ProtoFiles.ReadNetBinary(folder["v1"]).Layer[0].Blobs[0].Data, Is.EqualTo(Values));
        SolverState state = new() { Iter = 2, LearnedNet = "x", History = { Raw(RawType.Float, Values) } };
        File.WriteAllBytes(folder["state"], state.ToByteArray());
        Assert.That(ProtoFiles.ReadSolverState(folder["state"]).History[0].Data, Is.EqualTo(Values));
        File.WriteAllBytes(folder["mean"], Raw(RawType.Float16, Values).ToByteArray());
        Assert.That(ProtoFiles.ReadBlob(folder["mean"]).Data, Is.EqualTo(Values));
        ProtoFiles.WriteText(folder["text"], Net(Raw(RawType.Float, Values)));
        Assert.That(ProtoFiles.ReadNet(folder["text"]).Layer[0].Blobs[0].Data, Is.EqualTo(Values));
    }

    [TestCase(11, RawType.Float16, "raw_data (NVIDIA/caffe) holds 11 bytes of FLOAT16, expected 12 for shape 2 3")]
    [TestCase(24, RawType.Float16, "raw_data (NVIDIA/caffe) holds 24 bytes of FLOAT16, expected 12 for shape 2 3")]
    [TestCase(0, RawType.Double, "raw_data (NVIDIA/caffe) holds 0 bytes of DOUBLE, expected 48 for shape 2 3")]
    [TestCase(24, RawType.Int, "raw_data_type (NVIDIA/caffe) is INT, expected DOUBLE, FLOAT or FLOAT16")]
    [TestCase(24, (RawType)9, "raw_data_type (NVIDIA/caffe) is 9, expected DOUBLE, FLOAT or FLOAT16")]
    public void WrongBytesAreRefusedWithFileLayerAndField(int bytes, RawType type, string expected)
    {
        using TemporaryFolder folder = new();
        BlobProto blob = new()
        {
            Shape = new BlobShape { Dim = { 2, 3 } },
            RawData = ByteString.CopyFrom(new byte[bytes]),
            RawDataType = type
        };
        File.WriteAllBytes(folder["w"], Net(blob).ToByteArray());
        Assert.That(() => ProtoFiles.ReadNetBinary(folder["w"]),
            Throws.TypeOf<AtlException>().With.Message.EqualTo($"{folder["w"]}: layer 'conv1': blobs[0].{expected}"));
    }

    [Test]
    public void BytesWithoutTypeAndBytesBesideValuesAreRefused()
    {
        BlobProto untyped = Raw(RawType.Float, Values), both = Raw(RawType.Float, Values);
        untyped.ClearRawDataType();
        both.Data.Add(Values);
        Assert.That(() => RawBlobs.Apply(untyped, "x: "), Throws.TypeOf<AtlException>().With.Message
            .StartsWith("x: raw_data (NVIDIA/caffe) has no raw_data_type"));
        Assert.That(() => RawBlobs.Apply(both, "x: "), Throws.TypeOf<AtlException>().With.Message
            .Contains("is beside data, expected one of them"));
    }

    private static NetParameter Net(BlobProto blob) =>
        new() { Layer = { new LayerParameter { Name = "conv1", Type = "Convolution", Blobs = { blob } } } };

    private static BlobProto Raw(RawType type, float[] values) =>
        new() { Shape = new BlobShape { Dim = { 2, 3 } }, RawData = Bytes(type, values), RawDataType = type };

    private static ByteString Bytes(RawType type, float[] values)
    {
        byte[] bytes = new byte[values.Length * (type == RawType.Double ? 8 : type == RawType.Float ? 4 : 2)];
        int size = bytes.Length / values.Length;
        for (int i = 0; i < values.Length; i++)
        {
            Span<byte> to = bytes.AsSpan(i * size);
            if (type == RawType.Double) BinaryPrimitives.WriteDoubleLittleEndian(to, values[i]);
            else if (type == RawType.Float) BinaryPrimitives.WriteSingleLittleEndian(to, values[i]);
            else BinaryPrimitives.WriteHalfLittleEndian(to, (Half)values[i]);
        }
        return ByteString.CopyFrom(bytes);
    }
}
