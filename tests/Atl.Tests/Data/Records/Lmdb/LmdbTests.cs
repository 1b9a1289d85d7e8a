using System.Text;
using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Data;

public sealed class LmdbTests
{
    [Test]
    public void TheSizeLimitGrows()
    {
        using TemporaryFolder folder = new();
        byte[] value = new byte[1 << 20];
        using (LmdbWriter writer = new(folder["db"]))
            for (int i = 0; i < 40; i++)
            {
                value[0] = (byte)i;
                writer.Put($"{i:D8}", [.. value]);
            }
        using LmdbReader reader = new(folder["db"]);
        Assert.That(reader.Count, Is.EqualTo(40));
        reader.Seek(39);
        Assert.That(reader.Value[0], Is.EqualTo(39));
    }

    [Test]
    public void TwoReadersMayBeOpenOnAFolderWithoutALockFile()
    {
        using TemporaryFolder folder = new();
        Write(folder["db"], 3);
        using LmdbReader first = new(folder["db"]), second = new(folder["db"]);
        first.MoveNext();
        Assert.That(first.Key + second.Key, Is.EqualTo("0000000100000000"));
        Assert.That(File.Exists(Path.Combine(folder["db"], "lock.mdb")), Is.False);
    }

    [Test]
    public void CaffesOwnDatabaseIsRead()
    {
        using LmdbReader reader = new(TestData.Require("misc", "lmdb_jnulzl", "test_lmdb"));
        Assert.That(reader.Count, Is.EqualTo(380));
        Assert.That(reader.Key, Is.EqualTo("00000000_N1806522622_1.png"));
        Datum datum = reader.ReadDatum();
        Assert.That(datum.Data.Length, Is.EqualTo(datum.Channels * datum.Height * datum.Width));
    }

    [Test]
    public void AnExistingDatabaseIsNotOverwritten()
    {
        using TemporaryFolder folder = new();
        Write(folder["db"], 1);
        Assert.That(() => new LmdbWriter(folder["db"]),
            Throws.InstanceOf<AtlException>().With.Message.Contains("the folder has an LMDB already"));
    }

    [Test]
    public void WhatIsNoDatabaseIsNamed()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["file"], "");
        Directory.CreateDirectory(folder["leveldb"]);
        File.WriteAllText(Path.Combine(folder["leveldb"], "CURRENT"), "");
        Directory.CreateDirectory(folder["broken"]);
        File.WriteAllText(Path.Combine(folder["broken"], "data.mdb"), new string('x', 20000));
        Assert.Multiple(() =>
        {
            Fails(folder["absent"], "no such folder, expected one with an LMDB");
            Fails(folder["file"], "a file, expected a folder with an LMDB (a file data.mdb); if it is one itself");
            Fails(folder["leveldb"], "no LMDB (a file data.mdb) in this folder, found a LevelDB");
            Fails(folder.FullName, "no LMDB (a file data.mdb) in this folder, found none");
            Fails(folder["broken"], "page 0 is no meta page of an LMDB");
        });
    }

    [Test]
    public void ATruncatedDatabaseIsAnErrorNotACrash()
    {
        using TemporaryFolder folder = new();
        Write(folder["db"], 100);
        string file = Path.Combine(folder["db"], "data.mdb");
        long size = new FileInfo(file).Length;
        using (FileStream stream = File.OpenWrite(file)) stream.SetLength(size - 4096);
        Fails(folder["db"], $"truncated, {size - 4096:N0} bytes, expected {size:N0}");
    }

    [TestCase(0)]
    [TestCase(50)]
    [TestCase(400)]
    public void WritingGoesOnAfterTheLastKey(int records)
    {
        using TemporaryFolder folder = new();
        if (records > 0) Write(folder["db"], records);
        using (LmdbWriter writer = LmdbWriter.Continue(folder["db"]))
        {
            Assert.That(writer.LastKey, Is.EqualTo(records > 0 ? $"{records - 1:D8}" : null));
            writer.Put($"{records:D8}", [1]);
        }
        using LmdbReader reader = new(folder["db"]);
        Assert.That(reader.Count, Is.EqualTo(records + 1));
    }

    [Test]
    public void ADamagedDatabaseIsNotWrittenTo()
    {
        using TemporaryFolder folder = new();
        Write(folder["db"], 400);
        string file = Path.Combine(folder["db"], "data.mdb");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[10 * 4096 + 12] ^= 0xFF;
        File.WriteAllBytes(file, bytes);
        Assert.That(() => LmdbWriter.Continue(folder["db"]),
            Throws.TypeOf<AtlException>().With.Message.StartsWith($"{file}: page 10: ").And.Message.Contains(
                "the LMDB is damaged"));
    }

    private static void Fails(string source, string message) =>
        Assert.That(() => new LmdbReader(source),
            Throws.InstanceOf<AtlException>().With.Message.StartsWith(source).And.Message.Contains(message));

    private static void Write(string path, int records)
    {
        using LmdbWriter writer = new(path);
        for (int i = 0; i < records; i++) writer.Put($"{i:D8}", Encoding.UTF8.GetBytes(new string('v', 500)));
    }
}
