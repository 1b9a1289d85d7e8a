using System.Buffers.Binary;
using System.Text;
using Atl.TestSupport;
using PureHDF;
using PureHDF.Filters;
using PureHDF.VOL.Native;

namespace Atl.Proto.Tests.Files;

/// <summary>HDF5 files that claim more than they hold, with checksums that fit.</summary>
public sealed class Hdf5LimitsTests
{
    private const long MostAllocated = 64 << 20;

    [Test]
    public void ExtentsBeyondTheFileAreFound() => Expect(
        Weights(20_000), file => Patch(file, Number(20_000), Number(1L << 40)),
        "the array 'data/ip/0' of shape 1099511627776 claims 4398046511104 bytes at byte ");

    [Test]
    public void ExtentsBeyondAnyNumberAreFound() => Expect(
        Weights(100, 200), file => Patch(Patch(file, Number(100), Number(1L << 40)), Number(200), Number(1L << 40)),
        "'data/ip/0' claims more values than can be counted (damaged)");

    [Test]
    public void ArraysInTheirHeadersHoldWhatTheyClaim() => Expect(
        Weights(77), file => Patch(file, Number(77), Number(78)),
        "'data/ip/0' claims 312 bytes of values, but its header holds 308 (damaged)");

    [Test]
    public void HeadersBeyondTheFileAreFound() => Expect(Weights(5), file =>
    {
        int at = file.AsSpan().IndexOf("OHDR"u8);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(at + 6), 1L << 60);
        return file;
    }, "claims 1152921504606846");

    [Test]
    public void FillValuesBeyondTheirMessageAreFound() => Expect(
        File.ReadAllBytes(Path.Combine(TestData.RepositoryRoot,
            "tests/data/fuzz/solverstate-h5/fill-value-of-a-gigabyte.h5")),
        same => same, "more bytes are claimed, ", sign: false);

    [Test]
    public void DamagedHeadersAreFoundByTheirChecksums()
    {
        byte[] file = Weights(5);
        file[file.AsSpan().IndexOf(Number(5)) + 1] ^= 1;
        Expect(file, same => same, "does not match its checksum (damaged)", sign: false);
    }

    [Test]
    public void GroupsThatHoldThemselvesAreFound() => Expect(Weights(5), file =>
    {
        // The link 'ip' in 'data' leads to 'data', whose address follows its name in the root.
        long data = Address(file, "data");
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(AfterName(file, "ip")), data);
        return file;
    }, "groups nested more than 64 deep, expected layers' names (damaged)");

    [Test]
    public void LinksThatLeadBackToThemselvesAreFound() => Expect(Weights(5), file =>
    {
        // A link by name (type 1) of 'ip' to 'ip' in the place of the one by address.
        int message = AfterName(file, "ip") - 2 - 4 - 1 - 1 - 1;
        byte[] link = [1, 0x18, 1, 0, 2, (byte)'i', (byte)'p', 2, 0, (byte)'i', (byte)'p'];
        link.CopyTo(file, message);
        return file;
    }, "the link 'data/ip' leads back to itself");

    [Test]
    public void ChunksAreReadThroughFilters()
    {
        using TemporaryFolder folder = new();
        float[] values = [.. Enumerable.Range(0, 10_000).Select(i => (float)i)];
        File.WriteAllBytes(folder["f.h5"], Chunked(values, 2_000));
        using NativeFile file = Hdf5Input.Open(folder["f.h5"]);
        Assert.That(file.Dataset("data").Read<float[]>(), Is.EqualTo(values));
    }

    // Several chunks in each row, so that one chunk's buffer is read to while another one's values are in use.
    [Test]
    public void ChunksWithChecksumsKeepTheirValues()
    {
        using TemporaryFolder folder = new();
        float[,] values = new float[9, 14];
        for (int i = 0; i < values.Length; i++) values[i / 14, i % 14] = i;
        H5File written = new() { ["data"] = new H5Dataset(values, chunks: [2, 4]) };
        written.Write(folder["f.h5"], new H5WriteOptions(Filters: [Fletcher32Filter.Id]));
        using NativeFile file = Hdf5Input.Open(folder["f.h5"]);
        Assert.That(file.Dataset("data").Read<float[,]>(), Is.EqualTo(values));
    }

    // Shuffle's number in the list of filters becomes szip's.
    [Test]
    public void AFilterThatThereIsNotIsNamed()
    {
        const byte Shuffle = 2, Szip = 4;
        using TemporaryFolder folder = new();
        byte[] bytes = Chunked(new float[100], 50);
        // The list: version 2 and two filters; the first one's number, flags, number of values, and the element's size.
        int at = bytes.AsSpan().IndexOf((byte[])[2, 2, Shuffle, 0]);
        Assert.That(at, Is.Positive);
        bytes[at + 2] = Szip;
        File.WriteAllBytes(folder["f.h5"], Sign(bytes));
        using NativeFile file = Hdf5Input.Open(folder["f.h5"]);
        Assert.That(() => Hdf5Input.Guarded(folder["f.h5"], () => file.Dataset("data").Read<float[]>()),
            Throws.InstanceOf<AtlException>().With.Message.StartsWith(
                $"{folder["f.h5"]}: an array is packed with szip (HDF5's filter 4), expected gzip, "));
    }

    [Test]
    public void ChunksThatAreUnpackedToMoreThanTheyHoldAreFound()
    {
        using TemporaryFolder folder = new();
        byte[] bytes = PatchChunk(Chunked(new float[4_000_000], 4_000_000), 4_000_000, 1_000_000);
        File.WriteAllBytes(folder["f.h5"], Sign(bytes));
        using NativeFile file = Hdf5Input.Open(folder["f.h5"]);
        Assert.That(() => Hdf5Input.Guarded(folder["f.h5"], () => file.Dataset("data").Read<float[]>()),
            Throws.InstanceOf<AtlException>().With.Message.EqualTo(
                $"{folder["f.h5"]}: a chunk is unpacked to more than the 4000000 bytes that it holds (damaged)"));
    }

    [Test]
    public void ChunksBeyondTheFileAreFound() => Expect(
        Chunked(new float[17_000_000], 17_000_000), file => PatchChunk(file, 17_000_000, int.MaxValue),
        "'data' claims chunks of shape 2147483647, 8589934588 bytes, but ");

    [Test]
    public void MoreChunksThanTheFileHoldsAreFound() => Expect(
        Chunked(new float[10_000_000], 2_000_000), file => PatchChunk(file, 2_000_000, 1),
            "'data' claims 10000000 chunks, but the file has ");

    [Test]
    public void PackedValuesAreBoundedByTheFile() => Expect(
        Chunked(new float[1_000_000], 500_000), file => Patch(file, Number(1_000_000), Number(400_000_000)),
        "'data' claims values of shape 400000000, 1600000000 bytes in memory, but ");

    private static byte[] Weights(params long[] dims)
    {
        using TemporaryFolder folder = new();
        BlobProto blob = new() { Shape = new BlobShape { Dim = { dims } } };
        blob.Data.Add(new float[dims.Aggregate((a, b) => a * b)]);
        ProtoFiles.WriteWeightsHdf5(folder["w.h5"],
            new NetParameter { Layer = { new LayerParameter { Name = "ip", Blobs = { blob } } } });
        return File.ReadAllBytes(folder["w.h5"]);
    }

    private static byte[] Chunked(float[] values, uint chunk)
    {
        using MemoryStream stream = new();
        H5File file = new() { ["data"] = new H5Dataset(values, chunks: [chunk]) };
        file.Write(stream, new H5WriteOptions(Filters: [ShuffleFilter.Id, DeflateFilter.Id]));
        return stream.ToArray();
    }

    private static void Expect(byte[] file, Func<byte[], byte[]> damage, string message, bool sign = true)
    {
        using TemporaryFolder folder = new();
        string path = folder["f.caffemodel.h5"];
        byte[] damaged = damage(file);
        File.WriteAllBytes(path, sign ? Sign(damaged) : damaged);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => ProtoFiles.ReadNetBinary(path),
            Throws.InstanceOf<AtlException>().With.Message.StartsWith($"{path}: ").And.Message.Contains(message));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(MostAllocated));
    }

    // In the first place where it stands behind a header.
    private static byte[] Patch(byte[] file, byte[] from, byte[] to)
    {
        int header = file.AsSpan().IndexOf("OHDR"u8), at = file.AsSpan(header).IndexOf(from);
        to.CopyTo(file, header + at);
        return file;
    }

    // A data layout of version 4: class 2, flags, two axes, the bytes of an extent, the extents of chunk and element.
    private static byte[] PatchChunk(byte[] file, int from, int to)
    {
        for (int at = 0; at + 16 < file.Length; at++)
        {
            if (!(file[at] == 4 && file[at + 1] == 2 && file[at + 3] == 2 && file[at + 4] is > 0 and <= 8)) continue;
            int size = file[at + 4];
            Span<byte> extent = file.AsSpan(at + 5, size);
            if (!extent.SequenceEqual(Number(from).AsSpan(0, size))) continue;
            Number(to).AsSpan(0, size).CopyTo(extent);
            return file;
        }
        throw new InvalidOperationException("there are no chunks");
    }

    private static long Address(byte[] file, string name) =>
        BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(AfterName(file, name)));

    // Behind the name of a link and its length of four bytes.
    private static int AfterName(byte[] file, string name)
    {
        byte[] text = [(byte)name.Length, 0, 0, 0, .. Encoding.ASCII.GetBytes(name)];
        return file.AsSpan().IndexOf(text) + text.Length;
    }

    private static byte[] Number(long number)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return bytes;
    }

    // The checksums of the superblock and of object headers with sizes of eight bytes.
    private static byte[] Sign(byte[] file)
    {
        Sign(file.AsSpan(0, 48));
        for (int at = 0; at + 14 < file.Length; at++)
        {
            if (!file.AsSpan(at, 4).SequenceEqual("OHDR"u8)) continue;
            long length = 14 + BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at + 6)) + 4;
            if (length <= file.Length - at) Sign(file.AsSpan(at, (int)length));
        }
        return file;
    }

    private static void Sign(Span<byte> structure) =>
        BinaryPrimitives.WriteUInt32LittleEndian(structure[^4..], Lookup3.Hash(structure[..^4]));
}
