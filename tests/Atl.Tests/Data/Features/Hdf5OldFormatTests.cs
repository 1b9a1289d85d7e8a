using System.Buffers.Binary;
using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Data;

/// <summary>Damaged HDF5 files of the format of HDF5 1.8 and before, which has no checksums.</summary>
public sealed class Hdf5OldFormatTests
{
    private const long MostAllocated = 64 << 20;

    [Test]
    public void ATreeThatLeadsBackToItselfIsFound() => Expect(file =>
    {
        int tree = file.AsSpan().IndexOf("TREE"u8);
        // Level and number of entries, the neighbors' places, a key; then the first child's place.
        file[tree + 5] = 1;
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(tree + 8 + 16 + 8), tree);
    }, "leads twice to byte ");

    [Test]
    public void AHeapBeyondTheFileIsFound() => Expect(
        file => BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(file.AsSpan().IndexOf("HEAP"u8) + 8), int.MaxValue),
        "the heap of group '' claims 2147483647 bytes at byte ");

    [Test]
    public void ChunksBeyondTheFileAreFound() => Expect(
        file => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(Chunk(file)), 1_000_000_000),
        "'data' claims chunks of shape 1000000000 2 3, 48000000000 bytes, but the file has ");

    [Test]
    public void ChunksWithoutAnExtentAreFound() => Expect(
        file => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(Chunk(file)), 0),
            "'data' claims chunks of shape 0 2 3 8, expected 3 dims above 0");

    [Test]
    public void ExtentsBeyondTheFileAreFound() => Expect(file =>
    {
        byte[] extents = [.. Number(5), .. Number(2), .. Number(3)];
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(file.AsSpan().IndexOf(extents)), 100_000_000);
    }, "'data' claims 50000000 chunks, but the file has ");

    [Test]
    public void NamesOutsideOfTheirHeapAreFound() => Expect(
        file => BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(file.AsSpan().IndexOf("SNOD"u8) + 8), 1 << 20),
        "gives a name at byte 1048576 of ");

    [Test]
    public void ALinkToTheFilesEndIsFound() => Expect(
        file => BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(file.AsSpan().IndexOf("SNOD"u8) + 16), 1L << 40),
        "claims 1 bytes at byte 1099511627776, but the file has ");

    // A data layout of version 3, chunked, of four axes: the extents follow the place of the index.
    private static int Chunk(byte[] file)
    {
        byte[] extents = [2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 8, 0, 0, 0];
        return file.AsSpan().IndexOf(extents);
    }

    private static void Expect(Action<byte[]> damage, string message)
    {
        using TemporaryFolder folder = new();
        using MemoryStream bytes = new();
        using (Stream rows = typeof(Hdf5OldFormatTests).Assembly.GetManifestResourceStream(
            "rows.h5")!) rows.CopyTo(bytes);
        byte[] file = bytes.ToArray();
        damage(file);
        File.WriteAllBytes(folder["rows.h5"], file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => new Hdf5File(folder["rows.h5"]), Throws.InstanceOf<AtlException>()
            .With.Message.StartsWith($"{folder["rows.h5"]}: ").And.Message.Contains(message));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(MostAllocated));
    }

    private static byte[] Number(long number)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return bytes;
    }
}
