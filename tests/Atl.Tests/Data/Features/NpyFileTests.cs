using System.IO.Compression;
using System.Text;
using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Data;

public sealed class NpyFileTests
{
    [TestCase]
    [TestCase(5)]
    [TestCase(2, 3)]
    [TestCase(2, 1, 3, 4)]
    [TestCase(0, 3)]
    public void WhatIsWrittenIsRead(params int[] dims)
    {
        using TemporaryFolder folder = new();
        Tensor tensor = new(new Shape(dims));
        Span<float> values = tensor.AsWriteOnlySpan();
        for (int i = 0; i < values.Length; i++) values[i] = i * 0.5f;
        NpyFile.Write(folder["a.npy"], tensor);
        (Shape shape, float[] read) = NpyFile.Read(folder["a.npy"]);
        Assert.That(shape, Is.EqualTo(tensor.Shape));
        Assert.That(read, Is.EqualTo(tensor.AsReadOnlySpan().ToArray()));
    }

    [Test]
    public void TheHeaderIsNumPys()
    {
        using TemporaryFolder folder = new();
        NpyFile.Write(folder["a.npy"], new Tensor(new Shape(7)));
        byte[] bytes = File.ReadAllBytes(folder["a.npy"]);
        Assert.That(bytes, Has.Length.EqualTo(128 + 28));
        Assert.That(Encoding.Latin1.GetString(bytes, 0, 128), Is.EqualTo(
            "\u0093NUMPY\u0001\0v\0" + "{'descr': '<f4', 'fortran_order': False, 'shape': (7,), }".PadRight(117)
                + "\n"));
    }

    // Elements of text of 2,097,152 bytes, of which so many overflow to none.
    [Test]
    public void TextOfMoreBytesThanCanBeCountedIsRefused()
    {
        using TemporaryFolder folder = new();
        using (ZipArchive archive = ZipFile.Open(folder["a.npz"], ZipArchiveMode.Create))
        using (Stream entry = archive.CreateEntry("names.npy").Open())
            entry.Write(Array("<U524288", false, "8388608, 1048576", []));
        using NpzFile file = new(folder["a.npz"]);
        Assert.That(() => file.ReadText("names"), Throws.InstanceOf<AtlException>().With.Message.Contains(
            "0 bytes of values, expected 18446744073709551616 for shape 8388608 1048576"));
    }

    [Test]
    public void AnEncryptedArrayIsNamedAsOne()
    {
        using TemporaryFolder folder = new();
        using (ZipArchive archive = ZipFile.Open(folder["a.npz"], ZipArchiveMode.Create))
        using (Stream entry = archive.CreateEntry("features.npy").Open())
            entry.Write(Array("<f4", false, "2, 3", new byte[24]));
        byte[] bytes = File.ReadAllBytes(folder["a.npz"]);
        // The first flag of an entry, in its own header and in the central directory's.
        bytes[6] |= 1;
        bytes[bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) + 8] |= 1;
        File.WriteAllBytes(folder["a.npz"], bytes);
        using NpzFile file = new(folder["a.npz"]);
        Assert.That(() => file.Open("features"), Throws.InstanceOf<AtlException>()
            .With.Message.StartsWith(
                $"{folder["a.npz"]}: array 'features' is encrypted, expected a file without a password"));
    }

    [Test]
    public void PackedArraysAreBoundedByTheirFile()
    {
        using TemporaryFolder folder = new();
        using (ZipArchive archive = ZipFile.Open(folder["a.npz"], ZipArchiveMode.Create))
        using (Stream entry = archive.CreateEntry("features.npy").Open())
            entry.Write(Array("<f4", false, "2, 3", new byte[24]));
        byte[] bytes = File.ReadAllBytes(folder["a.npz"]);
        // The length as the central directory gives it.
        bytes.AsSpan(bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) + 24, 4).Fill(0xFE);
        File.WriteAllBytes(folder["a.npz"], bytes);
        using (NpzFile file = new(folder["a.npz"]))
            Assert.That(() => file.Open("features"), Throws.InstanceOf<AtlException>()
            .With.Message.StartsWith($"{folder["a.npz"]}: array 'features' claims 4278124286 bytes, packed in "));
        // The number of entries at the archive's end.
        bytes.AsSpan(bytes.AsSpan().IndexOf("PK\u0005\u0006"u8) + 8, 4).Fill(9);
        File.WriteAllBytes(folder["a.npz"], bytes);
        Assert.That(() => new NpzFile(folder["a.npz"]), Throws.InstanceOf<AtlException>()
            .With.Message.StartsWith($"{folder["a.npz"]}: damaged or truncated"));
    }

    [Test]
    public void ArraysThatDoNotFitTheirChecksumAreErrors()
    {
        using TemporaryFolder folder = new();
        byte[] values = [1, 2, 3, 4, 5, 6, 7, 8];
        using (ZipArchive archive = ZipFile.Open(folder["a.npz"], ZipArchiveMode.Create))
        using (Stream entry = archive.CreateEntry("features.npy", CompressionLevel.NoCompression).Open())
            entry.Write(Array("<f4", false, "1L, 2L", values));
        Assert.That(Values(), Has.Length.EqualTo(2), "Python 2 wrote extents with an L");
        byte[] bytes = File.ReadAllBytes(folder["a.npz"]);
        bytes[bytes.AsSpan().IndexOf(values) + 2] ^= 1;
        File.WriteAllBytes(folder["a.npz"], bytes);
        Assert.That(Values, Throws.InstanceOf<AtlException>()
            .With.Message.EqualTo($"{folder["a.npz"]}: array 'features': damaged: its bytes do not match the checksum "
                + "in the archive"));

        float[] Values()
        {
            using NpzFile file = new(folder["a.npz"]);
            using NpyReader reader = file.Open("features");
            float[] read = new float[reader.Shape.Count];
            reader.Read(0, read);
            return read;
        }
    }

    [Test]
    public void ArraysOfOneNameAreErrors()
    {
        using TemporaryFolder folder = new();
        using (ZipArchive archive = ZipFile.Open(folder["a.npz"], ZipArchiveMode.Create))
            for (int i = 0; i < 2; i++)
                using (Stream entry = archive.CreateEntry("features.npy").Open())
                    entry.Write(Array("<f4", false, "1, 1", new byte[4]));
        using NpzFile file = new(folder["a.npz"]);
        Assert.That(() => file.Open("features"),
            Throws.InstanceOf<AtlException>().With.Message.Contains("found several of this name"));
    }

    [Test]
    public void HeadersOfPagesAreRefused()
    {
        using TemporaryFolder folder = new();
        byte[] bytes = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 2, 0, 0, 0, 16, 0,
            .. new byte[1 << 20]];
        File.WriteAllBytes(folder["a.npy"], bytes);
        Assert.That(() => NpyFile.Read(folder["a.npy"]), Throws.InstanceOf<AtlException>()
            .With.Message.EndsWith("a.npy: a header of 1048576 bytes, expected at most 65536"));
    }

    [Test]
    public void OtherTypesAndOrdersAreRead()
    {
        using TemporaryFolder folder = new();
        Assert.That(Read("<f8", false, "2,", [.. BitConverter.GetBytes(1.5), .. BitConverter.GetBytes(-2.0)]),
            Is.EqualTo([1.5f, -2]));
        Assert.That(Read("<i8", false, "1,", BitConverter.GetBytes(7L)), Is.EqualTo([7f]));
        Assert.That(Read("|u1", true, "2, 3", [1, 2, 3, 4, 5, 6]), Is.EqualTo([1f, 3, 5, 2, 4, 6]));

        float[] Read(string type, bool fortran, string shape, byte[] data)
        {
            File.WriteAllBytes(folder["b.npy"], Array(type, fortran, shape, data));
            return NpyFile.Read(folder["b.npy"]).Values;
        }
    }

    [TestCase("<c8", "4,", 32, "elements of type '<c8'")]
    [TestCase(">f4", "4,", 16, "elements of type '>f4'")]
    [TestCase("<f4", "4,", 15, "15 bytes of values, expected 16 for shape 4 (4) of <f4")]
    [TestCase("<f4", "x,", 4, "the shape (x,) is not understood")]
    public void WhatDoesNotFitIsNamed(string type, string shape, int bytes, string message)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["a.npy"], Array(type, false, shape, new byte[bytes]));
        Assert.That(() => _ = NpyFile.Read(folder["a.npy"]),
            Throws.InstanceOf<AtlException>().With.Message.StartsWith(folder["a.npy"]).And.Message.Contains(message));
    }

    [TestCase("<f4", 4)]
    [TestCase("<f8", 8)]
    public void PartsOfAFileOfManyGigabytesAreRead(string type, int size)
    {
        const int Rows = 6_000_000, Columns = 512;
        using TemporaryFolder folder = new();
        string path = folder["features.npy"];
        byte[] last = size == 4
            ? [.. BitConverter.GetBytes(2.5f), .. BitConverter.GetBytes(-4f)]
            : [.. BitConverter.GetBytes(2.5), .. BitConverter.GetBytes(-4.0)];
        using (FileStream stream = File.Create(path))
        {
            // The file system keeps no zeros that nobody has written.
            stream.Write(Array(type, false, $"{Rows}, {Columns}", []));
            stream.Position += (long)Rows * Columns * size - last.Length;
            stream.Write(last);
        }

        using NpyReader reader = new(path);
        Assert.That((reader.Shape[0], reader.Shape[1]), Is.EqualTo((Rows, Columns)));
        float[] values = new float[3];
        reader.Read((long)Rows * Columns - values.Length, values);
        Assert.That(values, Is.EqualTo([0, 2.5f, -4]));
        reader.Read(0, values);
        Assert.That(values, Is.EqualTo(new float[3]));
        Assert.That(() => reader.Read((long)Rows * Columns - 2, new float[3]),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _ = NpyFile.Read(path),
            Throws.InstanceOf<AtlException>().With.Message.Contains("expected at most 2147483591 values"));
    }

    [TestCase("<f4", 4)]
    [TestCase("<i2", 2)]
    public void LongerArraysThanTheBufferAreRead(string type, int size)
    {
        const int Count = 1_500_001;
        using TemporaryFolder folder = new();
        byte[] data = new byte[Count * size];
        for (int i = 0; i < Count; i++)
            if (size == 4) BitConverter.TryWriteBytes(data.AsSpan(i * size), (float)i);
            else BitConverter.TryWriteBytes(data.AsSpan(i * size), (short)(i % 30000));
        File.WriteAllBytes(folder["a.npy"], Array(type, false, $"{Count},", data));
        Assert.That(NpyFile.Read(folder["a.npy"]).Values,
            Is.EqualTo(Enumerable.Range(0, Count).Select(i => size == 4 ? (float)i : i % 30000)));

        Tensor tensor = new(new Shape(Count));
        Span<float> values = tensor.AsWriteOnlySpan();
        for (int i = 0; i < values.Length; i++) values[i] = i;
        NpyFile.Write(folder["b.npy"], tensor);
        Assert.That(NpyFile.Read(folder["b.npy"]).Values, Is.EqualTo(Enumerable.Range(0, Count).Select(i => (float)i)));
    }

    private static byte[] Array(string type, bool fortran, string shape, byte[] data)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': {fortran}, 'shape': ({shape}), }}\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. data];
    }
}
