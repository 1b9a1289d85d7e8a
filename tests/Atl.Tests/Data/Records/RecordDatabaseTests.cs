using System.Text;
using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;
using Backend = Atl.Proto.DataParameter.Types.DB;

namespace Atl.Tests.Data;

/// <summary>What holds for every backend.</summary>
[TestFixture(Backend.Lmdb)]
[TestFixture(Backend.Leveldb)]
public sealed class RecordDatabaseTests(Backend backend) : FolderFixture
{
    [Test]
    public void RecordsComeBackInTheOrderOfKeysOverAndOver()
    {
        RecordDatabase.Create(_folder["db"], backend, writer =>
        {
            foreach (int i in new[] { 2, 0, 1 }) writer.Put(RecordWriter.KeyOf(i, "x"), [(byte)i]);
            Assert.That(writer.Count, Is.EqualTo(3));
        });
        using RecordReader reader = RecordDatabase.Open(_folder["db"], backend);
        for (int i = 0; i < 7; i++, reader.MoveNext())
            Assert.That((reader.Position, reader.Value[0], reader.Key),
                Is.EqualTo(((long)(i % 3), (byte)(i % 3), $"0000000{i % 3}_x")));
        Assert.That(reader.Count, Is.EqualTo(3));
    }

    [Test]
    public void ADatabaseThatAnotherOneWritesIsRefusedAndStaysAsItIs()
    {
        RecordDatabase.Create(_folder["db"], backend, writer =>
        {
            writer.Put("a", [1]);
            Assert.That(() => RecordDatabase.Create(_folder["db/"], backend, _ => Assert.Fail("nothing is written")),
                Throws.TypeOf<AtlException>().With.Message.Contains("db.lock").And.Message.Contains(
                    "is writing a database here"));
            writer.Put("b", [2]);
        });
        using RecordReader reader = RecordDatabase.Open(_folder["db"], backend);
        Assert.That(reader.Key, Is.EqualTo("a"));
        reader.MoveNext();
        Assert.That(reader.Key, Is.EqualTo("b"));
        Assert.That(File.Exists(_folder["db.lock"]), Is.False);
    }

    [TestCase(0)]
    [TestCase(4)]
    [TestCase(7)]
    [TestCase(23)]
    public void SeekCountsOnFromTheFirstAfterTheLast(long position)
    {
        Write("db", 10);
        using RecordReader reader = RecordDatabase.Open(_folder["db"], backend);
        reader.Seek(5);
        reader.Seek(position);
        Assert.That((reader.Key, reader.Position), Is.EqualTo(($"{position % 10:D8}", position % 10)));
    }

    [Test]
    public void TheLastRecordStaysWhereThereIsNoNext()
    {
        Write("db", 2);
        using RecordReader reader = RecordDatabase.Open(_folder["db"], backend);
        Assert.That((reader.TryMoveNext(), reader.TryMoveNext(), reader.TryMoveNext()),
            Is.EqualTo((true, false, false)));
        Assert.That((reader.Key, reader.Count), Is.EqualTo(("00000001", 2L)));
        Assert.That(reader.Describe(), Is.EqualTo($"{_folder["db"]}: record '00000001' (2 of 2)"));
    }

    [Test]
    public void ManyReadersMayBeOpen()
    {
        Write("db", 3);
        using RecordReader first = RecordDatabase.Open(_folder["db"], backend);
        using (RecordReader second = RecordDatabase.Open(_folder["db"], backend)) second.MoveNext();
        using RecordReader third = RecordDatabase.Open(_folder["db"], backend);
        first.MoveNext();
        Assert.That(first.Key + third.Key, Is.EqualTo("0000000100000000"));
    }

    // The finalizer of LightningDB's objects throws, which ends a process.
    [Test]
    public void AReaderThatNobodyDisposedDoesNoHarm()
    {
        Write("db", 3);
        Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using RecordReader reader = RecordDatabase.Open(_folder["db"], backend);
        Assert.That(reader.Key, Is.EqualTo("00000000"));

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        void Forget()
        {
            for (int i = 0; i < 3; i++) RecordDatabase.Open(_folder["db"], backend).MoveNext();
        }
    }

    [Test]
    public void WhatIsThereIsNotOverwritten()
    {
        Write("db", 1);
        Directory.CreateDirectory(_folder["empty"]);
        File.WriteAllText(_folder["file"], "");
        Assert.Multiple(() =>
        {
            Refused("db", backend == Backend.Lmdb ? "an LMDB is there already and is not overwritten"
                : "a LevelDB is there already and is not overwritten");
            Refused("file", "a file of this name is there already");
            Assert.That(() => Write("empty", 1), Throws.Nothing);
        });

        void Refused(string name, string message) =>
            Assert.That(() => Write(name, 1),
                Throws.InstanceOf<AtlException>().With.Message.StartsWith($"{_folder[name]}: {message}"));
    }

    [Test]
    public void ARunThatBreaksOffLeavesNothing()
    {
        Directory.CreateDirectory(_folder["db.unfinished"]);
        Assert.That(
            () => RecordDatabase.Create(_folder["db"], backend, writer =>
            {
                writer.Put("1", [1]);
                throw new AtlException("broken off");
            }),
            Throws.InstanceOf<AtlException>().With.Message.EqualTo("broken off"));
        Assert.That(Directory.GetFileSystemEntries(_folder.FullName), Is.Empty);
    }

    [TestCase(2)]
    [TestCase(1500)]
    public void ADuplicateKeyIsNamed(int distance) => Assert.That(
        () => RecordDatabase.Create(_folder["db"], backend, writer =>
        {
            for (int i = 0; i < distance; i++) writer.Put($"{i}", [1]);
            writer.Put("0", [2]);
        }),
        Throws.InstanceOf<AtlException>().With.Message.Contains(
            "the record '0' cannot be written: the key exists already"));

    [Test]
    public void AnEmptyDatabaseIsNamed()
    {
        RecordDatabase.Create(_folder["db"], backend, _ => { });
        Fails("db", "holds no records, expected at least one");
    }

    [Test]
    public void WhatIsNoDatabaseIsNamed()
    {
        File.WriteAllText(_folder["file"], "");
        Directory.CreateDirectory(_folder["folder"]);
        Fails("absent", "no such folder, expected");
        Fails("file", "a file, expected a folder with");
        Fails("folder", "in this folder");
        Backend other = backend == Backend.Lmdb ? Backend.Leveldb : Backend.Lmdb;
        RecordDatabase.Create(_folder["other"], other, writer => writer.Put("1", [1]));
        Fails("other", backend == Backend.Lmdb ? "found a LevelDB, for which write backend: LEVELDB"
            : "for an LMDB write backend: LMDB");
    }

    [Test]
    public void ADamagedRecordIsNamed()
    {
        RecordDatabase.Create(_folder["db"], backend, writer =>
        {
            writer.Put("00000000_good", new Datum { Channels = 1 });
            writer.Put("00000001_bad", [0x22, 100, 1, 2]);
        });
        using RecordReader reader = RecordDatabase.Open(_folder["db"], backend);
        reader.ReadDatum();
        reader.MoveNext();
        Assert.That(reader.ReadDatum,
            Throws.InstanceOf<AtlException>().With.Message.Contains("record '00000001_bad' (2").And.Message.Contains(
                "4 bytes that are not a complete Datum"));
    }

    private void Fails(string source, string message) => Assert.That(
        () => RecordDatabase.Open(_folder[source], backend),
            Throws.InstanceOf<AtlException>().With.Message.StartsWith(_folder[source]).And.Message.Contains(message));

    private void Write(string name, int records) => RecordDatabase.Create(_folder[name], backend, writer =>
    {
        for (int i = 0; i < records; i++) writer.Put($"{i:D8}", Encoding.UTF8.GetBytes(new string('v', 500)));
    });
}
