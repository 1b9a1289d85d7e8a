using System.Buffers.Binary;
using Atl.TestSupport;
using PureHDF;

namespace Atl.Proto.Tests.Files;

public sealed class Hdf5WriterTests
{
    // The author's own examples.
    [TestCase("", 0xDEADBEEFu)]
    [TestCase("Four score and seven years ago", 0x17770551u)]
    public void TheHashIsLookup3(string text, uint expected) =>
    Assert.That(Lookup3.Hash(System.Text.Encoding.ASCII.GetBytes(text)), Is.EqualTo(expected));

    [Test]
    public void FilesHaveTheVersionsOfHdf518()
    {
        // Small arrays lie in their headers, large ones behind them.
        H5File Make() =>
            new() { ["group"] = new H5Group { ["small"] = new float[] { 1, 2, 3 } }, ["large"] = new float[20_000] };
        using TemporaryFolder folder = new();
        Hdf5Writer.Write(folder["old.h5"], Make());
        using MemoryStream stream = new();
        Make().Write(stream);
        byte[] old = File.ReadAllBytes(folder["old.h5"]), library = stream.ToArray();
        Assert.That(old, Has.Length.EqualTo(library.Length));
        // The superblock and two layout messages with their version, and the checksums of all four headers.
        (byte From, byte To)[] versions =
            [.. Enumerable.Range(0, old.Length).Where(i => old[i] != library[i] && !IsChecksum(library, i))
            .Select(i => (library[i], old[i]))];
        Assert.That(versions, Is.EqualTo(new (byte, byte)[] { (3, 2), (4, 3), (4, 3) }));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(old.AsSpan(44)),
            Is.EqualTo(Lookup3.Hash(old.AsSpan(0, 44))));
        using PureHDF.VOL.Native.NativeFile file = H5File.OpenRead(folder["old.h5"]);
        Assert.That(file.Dataset("group/small").Read<float[]>(), Is.EqualTo(new float[] { 1, 2, 3 }));
        Assert.That(file.Dataset("large").Read<float[]>(), Has.Length.EqualTo(20_000));
    }

    // The superblock's, and those at the end of object headers (signature, version, flags, eight bytes of size, the
    // messages).
    private static bool IsChecksum(byte[] file, int place)
    {
        if (place is >= 44 and < 48) return true;
        for (int at = 48; at + 14 < file.Length; at++)
        {
            if (!file.AsSpan(at, 4).SequenceEqual("OHDR"u8)) continue;
            long end = at + 14 + BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at + 6));
            if (place >= end && place < end + 4) return true;
        }
        return false;
    }
}
