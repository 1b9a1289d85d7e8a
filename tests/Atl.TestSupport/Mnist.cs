using System.Buffers.Binary;
using System.IO.Compression;

namespace Atl.TestSupport;

/// <summary>The 10,000 MNIST test digits: 28×28 grey bytes and labels.</summary>
public sealed class Mnist
{
    private Mnist(byte[] pixels, byte[] labels)
    {
        Pixels = pixels;
        Labels = labels;
    }

    /// <summary>All images, one after another, row-major.</summary>
    public byte[] Pixels { get; }

    /// <summary>The digits.</summary>
    public byte[] Labels { get; }

    /// <summary>Reads the real files; skips the running test where they are absent.</summary>
    public static Mnist Read()
    {
        byte[] images = Unpack(TestData.Require("mnist", "t10k-images-idx3-ubyte.gz")),
            labels = Unpack(TestData.Require("mnist", "t10k-labels-idx1-ubyte.gz"));
        Assert.That(BinaryPrimitives.ReadInt32BigEndian(images), Is.EqualTo(0x803), "the magic number of idx images");
        Assert.That(BinaryPrimitives.ReadInt32BigEndian(labels), Is.EqualTo(0x801), "the magic number of idx labels");
        return new Mnist(images[16..], labels[8..]);
    }

    private static byte[] Unpack(string path)
    {
        using GZipStream stream = new(File.OpenRead(path), CompressionMode.Decompress);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
