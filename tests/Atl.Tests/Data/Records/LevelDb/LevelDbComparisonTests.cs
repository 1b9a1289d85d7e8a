using System.Buffers.Binary;
using System.Text;
using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Data;

/// <summary>Databases that the LevelDB library wrote, read by it and by Atl.</summary>
public sealed class LevelDbComparisonTests : FolderFixture
{
    // Little memory, so that there are tables on several levels, some not merged yet, and a log.
    [TestCase(1, true, false)]
    [TestCase(2, true, true)]
    [TestCase(3, false, false)]
    [TestCase(4, false, true)]
    [TestCase(5, true, false)]
    [TestCase(6, true, true)]
    public void WhateverWasPutChangedAndDeletedIsReadAsLevelDbReadsIt(int seed, bool snappy, bool compact)
    {
        Random random = new(seed);
        for (int session = 0; session < 3; session++)
        {
            using LevelDbReference database = new(_folder["db"], snappy, 64 << 10, 1 << 10);
            for (int i = 0; i < 1500; i++) Change(database, random);
            if (compact && session == 1) database.Compact();
        }
        List<(string Key, string Value)> found = [];
        using (LevelDbReader reader = new(_folder["db"]))
        {
            do found.Add((reader.Key, Convert.ToHexString(reader.Value)));
            while (reader.TryMoveNext());
            reader.Rewind();
            Assert.That((reader.Key, reader.Count), Is.EqualTo((found[0].Key, (long?)found.Count)));
        }
        Assert.That(Directory.GetFiles(_folder["db"], "*.ldb"), Has.Length.GreaterThan(1));
        Assert.That(Directory.GetFiles(_folder["db"], "*.log").Sum(log => new FileInfo(log).Length), Is.GreaterThan(0));
        using LevelDbReference reference = new(_folder["db"]);
        Assert.That(found, Is.EqualTo(reference.ReadAll()
            .Select(record => (Encoding.UTF8.GetString(record.Key), Convert.ToHexString(record.Value)))));
    }

    [Test]
    public void ReadingWritesNothing()
    {
        using (LevelDbReference database = new(_folder["db"])) Fill(database);
        Dictionary<string, string> before = Contents();
        using (LevelDbReader reader = new(_folder["db"])) reader.Seek(30);
        Assert.That(Contents(), Is.EqualTo(before));

        Dictionary<string, string> Contents() =>
            Directory.GetFiles(_folder["db"])
            .ToDictionary(file => file, file => Convert.ToHexString(File.ReadAllBytes(file)));
    }

    // In a table, a log and a manifest.
    [Test]
    public void AChangedByteIsAnErrorOrChangesNothing()
    {
        using (LevelDbReference database = new(_folder["db"])) Fill(database);
        using (LevelDbReference database = new(_folder["db"])) database.Put("0"u8.ToArray(), [1, 2, 3]);
        string[] whole = Read();
        int errors = 0;
        foreach (string file in Directory.GetFiles(_folder["db"]))
        {
            byte[] bytes = File.ReadAllBytes(file);
            for (int i = 0; i < bytes.Length; i += 1 + bytes.Length / 400)
            {
                byte[] damaged = [.. bytes];
                damaged[i] ^= (byte)(1 << (i % 8));
                File.WriteAllBytes(file, damaged);
                try
                {
                    Assert.That(Read(), Is.EqualTo(whole), $"{file}: byte {i}");
                }
                catch (AtlException)
                {
                    errors++;
                }
            }
            File.WriteAllBytes(file, bytes);
        }
        Assert.That(errors, Is.GreaterThan(400));
    }

    [Test]
    public void ATableThatIsShortenedWhileItIsReadIsAnError()
    {
        using (LevelDbReference database = new(_folder["db"], snappy: false))
            for (int i = 0; i < 100; i++) database.Put(Encoding.UTF8.GetBytes($"{i:D8}"), new byte[1000]);
        // Opening moves the log's records into a table.
        using (new LevelDbReference(_folder["db"], snappy: false)) { }
        string table = Directory.GetFiles(_folder["db"], "*.ldb").Single();
        using LevelDbReader reader = new(_folder["db"]);
        reader.Seek(10);
        using (FileStream stream = new(table, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            stream.SetLength(20_000);
        Assert.That(() => reader.Seek(99),
            Throws.TypeOf<AtlException>().With.Message.StartsWith($"{_folder["db"]}: the record after '000000")
            .And.Message.Contains($"{table}: the file ends at byte 20000, before the block does").And.Message.EndsWith(
                "truncated"));
    }

    [Test]
    public void AnotherOrderOfKeysIsAnError()
    {
        Directory.CreateDirectory(_folder["db"]);
        byte[] part = [0, 0, 0, 0, 0, 0, 1, 1, 5, .. "other"u8];
        BinaryPrimitives.WriteUInt16LittleEndian(part.AsSpan(4), 7);
        BinaryPrimitives.WriteUInt32LittleEndian(part, Crc32C.MaskedOf(part.AsSpan(6)));
        File.WriteAllBytes(_folder["db/MANIFEST-000001"], part);
        File.WriteAllText(_folder["db/CURRENT"], "MANIFEST-000001\n");
        Assert.That(() => new LevelDbReader(_folder["db"]), Throws.TypeOf<AtlException>().With.Message.EqualTo(
            $"{_folder["db/MANIFEST-000001"]}: keys are in the order 'other', expected leveldb.BytewiseComparator"));
        File.WriteAllText(_folder["db/CURRENT"], "../MANIFEST-000001\n");
        Assert.That(() => new LevelDbReader(_folder["db"]), Throws.TypeOf<AtlException>().With.Message.EqualTo(
            $"{_folder["db/CURRENT"]}: '../MANIFEST-000001', expected a name like MANIFEST-000002: damaged"));
    }

    private static void Change(LevelDbReference database, Random random)
    {
        byte[] key = Encoding.UTF8.GetBytes($"{(random.Next(2) == 0 ? "person/" : "")}{random.Next(700)}");
        if (random.Next(4) == 0)
        {
            database.Delete(key);
            return;
        }
        byte[] value = new byte[random.Next(40) == 0 ? random.Next(60_000) : random.Next(900)];
        // A part that Snappy makes shorter, and one that it does not.
        random.NextBytes(value.AsSpan(0, value.Length / 3));
        database.Put(key, value);
    }

    private static void Fill(LevelDbReference database)
    {
        Random random = new(1);
        for (int i = 0; i < 40; i++)
        {
            byte[] value = new byte[50];
            random.NextBytes(value.AsSpan(20));
            database.Put(Encoding.UTF8.GetBytes($"{i:D8}"), value);
        }
    }

    private string[] Read()
    {
        using LevelDbReader reader = new(_folder["db"]);
        List<string> records = [];
        do records.Add($"{reader.Key} {Convert.ToHexString(reader.Value)}");
        while (reader.TryMoveNext());
        return [.. records];
    }
}
