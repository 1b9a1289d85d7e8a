using System.Buffers.Binary;
using System.Text;
using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Data;

/// <summary>Files of LMDB of every kind, written byte by byte, and what damage to them does.</summary>
public sealed class LmdbFileTests : FolderFixture
{
    private static readonly byte[] Value = [.. Enumerable.Range(0, 60).Select(i => (byte)i)];

    private string DataFile => Path.Combine(_folder["db"], "data.mdb");

    [TestCase(512)]
    [TestCase(4096)]
    [TestCase(16384)]
    [TestCase(32768)]
    [TestCase(65536)]
    public void PagesOfAnySizeAreRead(int pageSize)
    {
        (byte[] Key, byte[] Value)[] records = [.. Enumerable.Range(0, 40).Select(i =>
            (Encoding.UTF8.GetBytes($"{i:D8}"), Enumerable.Repeat((byte)i, i % 7 == 0 ? 3 * pageSize + i : i)
            .ToArray()))];
        Write(new LmdbImage(pageSize, records, 4).Bytes);
        using LmdbReader reader = new(_folder["db"]);
        for (int pass = 0; pass < 2; pass++)
            foreach ((byte[] key, byte[] value) in records)
            {
                Assert.That((reader.Key, reader.Count), Is.EqualTo((Encoding.UTF8.GetString(key), (long?)40)));
                Assert.That(reader.Value.SequenceEqual(value));
                reader.MoveNext();
            }
    }

    [Test]
    public void FilesOfOtherMachinesAreNamed()
    {
        byte[] file = Image();
        byte[] bigEndian = [.. file];
        BinaryPrimitives.WriteUInt32BigEndian(bigEndian.AsSpan(16), 0xBEEFC0DE);
        Fails(bigEndian, "an LMDB of a big-endian machine, expected one of 64 bits, little-endian");
        byte[] narrow = [.. file.AsSpan(4), 0, 0, 0, 0];
        Fails(narrow, "an LMDB of a 32-bit program, expected one of 64 bits");
        byte[] later = [.. file];
        later[20] = 2;
        Fails(later, "version 2 of LMDB's format, expected 1 (that of LMDB 0.9, which Caffe reads)");
        Fails(Encoding.UTF8.GetBytes(new string('x', 20000)), "page 0 is no meta page of an LMDB");
        Fails([], "the file ends before meta page 0 does, expected an LMDB");
        Fails(file[..5000], "page 6 lies beyond its end: truncated, 5,000 bytes, expected");
    }

    [Test]
    public void DatabasesOfOtherKindsAreNamed()
    {
        Fails(new LmdbImage(4096, Records(8), 4, nodeFlags: 2).Bytes,
            "'00000000' is a database with a name, expected records in the main one");
        Fails(new LmdbImage(4096, Records(8), 4, nodeFlags: 4).Bytes,
            "the record '00000000' has the flags 0x4, expected 0 or 1");
        Fails(new LmdbImage(4096, Records(8), 4, treeFlags: 4).Bytes,
            "an LMDB with several values for one key (MDB_DUPSORT)");
    }

    // The places in a file of 4 leaves (2 to 5) of 8 records below a branch (6).
    [TestCase(0, 10, 0x00, "page 0 is not marked as the meta page")]
    [TestCase(1, 40, 0x01, "meta page 1 says pages of 4097 bytes")]
    [TestCase(1, 144, 0x09, "the meta pages are of the transactions 0 and 9")]
    [TestCase(1, 94, 0x03, "page 2: it says to be page 2 with the flags 0x2, expected a branch page")]
    [TestCase(1, 94, 0x21, "it says that 32 records are in a tree 33 pages deep")]
    [TestCase(1, 128, 0x07, "page 7: found 1 pages from here, expected such as lie between 2 and 6")]
    [TestCase(1, 128, 0x00, "page 0: found 1 pages from here")]
    [TestCase(1, 120, 0x21, "page 5: the records end with number 32, expected 33 by the meta page")]
    [TestCase(1, 120, 0x1F, "page 5: there is a record after number 31, which should be the last")]
    [TestCase(6, 10, 0x02, "page 6: it says to be page 6 with the flags 0x2, expected a branch page")]
    [TestCase(2, 0, 0x05, "page 2: it says to be page 5 with the flags 0x2, expected a leaf page")]
    [TestCase(2, 12, 0x13, "page 2: its free space is from 19 to")]
    [TestCase(2, 12, 0x10, "page 2: its free space is from 16 to")]
    [TestCase(2, 15, 0xFF, "page 2: its free space is from 32 to")]
    [TestCase(2, 17, 0xFF, "page 2: node 0 is at")]
    [TestCase(2, 17, 0x01, "page 2: node 0 is at")]
    [TestCase(2, 4022, 0xFF, "page 2: node 0 has")]
    [TestCase(3, 4033, 0xFF, "page 3: the key of node 1 does not come after the one before it")]
    [TestCase(3, 4029, 0x2F, "page 3: its keys from '0/000008' to '00000015' are not those that page 6 says")]
    public void ADamagedByteIsAnErrorWithThePage(int page, int offset, int value, string message)
    {
        byte[] file = Image();
        file[page * 4096 + offset] = (byte)value;
        Fails(file, message);
    }

    [Test]
    public void ABranchThatLeadsBackIsAnError()
    {
        // The third node of the branch leads to the first leaf.
        byte[] file = Image();
        Span<byte> branch = file.AsSpan(6 * 4096);
        branch[BinaryPrimitives.ReadUInt16LittleEndian(branch[20..])] = 2;
        Fails(file, "page 2: its keys from '00000000' to '00000007' are not those that page 6 says");
    }

    [Test]
    public void DamagedOverflowPagesAreErrors()
    {
        byte[] file = new LmdbImage(4096,
            [.. Enumerable.Range(0, 3).Select(i => (Encoding.UTF8.GetBytes($"{i}"), new byte[9000]))], 3).Bytes;
        Patch(3 * 4096, 9, "page 3: it says to be page 9 with the flags 0x4, the first of 3, expected 3 overflow "
            + "pages of the record '0'");
        Patch(3 * 4096 + 10, 2, "page 3: it says to be page 3 with the flags 0x2");
        Patch(3 * 4096 + 12, 2, "the first of 2, expected 3 overflow pages");
        Patch(3 * 4096 + 15, 1, "page 3: found 16777219 pages from here, expected such as lie between 2 and 11");
        int node = 2 * 4096 + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(2 * 4096 + 16));
        Patch(node + 3, 0x7F, "page 3: found 520");
        Patch(node + 3, 0xFF, "page 2: the record '0' says 4,278,199,080 bytes");
        Patch(node + 9, 0, "page 0: found 3 pages from here");

        void Patch(int at, byte value, string message)
        {
            byte[] damaged = [.. file];
            damaged[at] = value;
            Fails(damaged, message);
        }
    }

    [Test]
    public void WhateverByteIsDamagedNothingButAnErrorComesOfIt()
    {
        (byte[] Key, byte[] Value)[] records =
            [.. Enumerable.Range(0, 24).Select(i => (Encoding.UTF8.GetBytes($"{i:D8}"), i % 5 == 0 ? new byte[700]
                : Value))];
        byte[] file = new LmdbImage(1024, records, 4).Bytes;
        Write(file);
        Random random = new(1);
        int errors = 0;
        for (int mutant = 0; mutant < 2000; mutant++)
        {
            int at = random.Next(file.Length);
            byte[] damaged = [.. file];
            damaged[at] ^= (byte)random.Next(1, 256);
            if (mutant % 10 == 0) damaged = damaged[..random.Next(damaged.Length)];
            Write(damaged);
            try
            {
                using LmdbReader reader = new(_folder["db"]);
                long read = 0;
                do read += 1 + 0 * reader.Value.Length;
                while (reader.TryMoveNext());
                Assert.That(read, Is.EqualTo(24));
            }
            catch (AtlException e)
            {
                errors++;
                Assert.That(e.Message, Does.StartWith(_folder["db"]));
            }
        }
        Assert.That(errors, Is.GreaterThan(200));
    }

    [Test]
    public void AFileThatShrinksUnderAReaderIsAnError()
    {
        Write(new LmdbImage(4096,
            [.. Enumerable.Range(0, 400).Select(i => (Encoding.UTF8.GetBytes($"{i:D8}"), new byte[9000]))], 50).Bytes);
        using LmdbReader reader = new(_folder["db"]);
        using (FileStream stream = new(DataFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            stream.SetLength(stream.Length / 2);
        Assert.That(() => ReadAll(reader),
            Throws.TypeOf<AtlException>().With.Message.StartsWith(DataFile).And.Message.Contains("truncated"));
    }

    [Test]
    public void AFileThatTakesThePlaceOfAReadersIsNotRead()
    {
        Write(Image());
        using LmdbReader reader = new(_folder["db"]);
        File.WriteAllText(_folder["other"], "something else");
        File.Move(_folder["other"], DataFile, overwrite: true);
        Assert.That(ReadAll(reader), Is.EqualTo(32));
    }

    private static int ReadAll(LmdbReader reader)
    {
        int bytes = 0, records = 1;
        for (; reader.TryMoveNext(); records++) bytes += reader.Value.Length;
        return bytes > 0 ? records : 0;
    }

    private static (byte[] Key, byte[] Value)[] Records(int count) =>
        [.. Enumerable.Range(0, count).Select(i => (Encoding.UTF8.GetBytes($"{i:D8}"), Value))];

    private static byte[] Image() => new LmdbImage(4096, Records(32), 8).Bytes;

    private void Write(byte[] file)
    {
        Directory.CreateDirectory(_folder["db"]);
        File.WriteAllBytes(DataFile, file);
    }

    private void Fails(byte[] file, string message)
    {
        Write(file);
        Assert.That(
            () =>
            {
                using LmdbReader reader = new(_folder["db"]);
                ReadAll(reader);
                reader.Rewind();
                _ = reader.Value.Length;
            },
            Throws.TypeOf<AtlException>().With.Message.StartsWith(DataFile).And.Message.Contains(message));
    }
}
