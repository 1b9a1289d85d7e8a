using System.Text;
using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Data;

public sealed class LevelDbTests : FolderFixture
{
    [SetUp]
    public void WriteTables()
    {
        Write("db");
        // The library turns the log into a table when it opens it again.
        using (new LevelDbReference(_folder["db"])) { }
    }

    [Test]
    public void CountIsKnownAfterAPass()
    {
        using LevelDbReader reader = new(_folder["db"]);
        Assert.That(reader.Count, Is.Null);
        reader.Seek(450);
        Assert.That((reader.Count, reader.Position, reader.Key), Is.EqualTo(((long?)200, 50L, "00000050")));
    }

    // A killed writer leaves one. The library says nothing.
    [TestCase(1)]
    [TestCase(50_000)]
    [TestCase(80_000)]
    public void OfALogThatBreaksOffTheWholeRecordsAreRead(int missing)
    {
        using (LevelDbReference writer = new(_folder["logged"]))
            for (int i = 0; i < 200; i++) writer.Put(Encoding.UTF8.GetBytes($"{i:D8}"), new byte[2000]);
        string log = Directory.GetFiles(_folder["logged"], "*.log").Single();
        using (FileStream stream = File.OpenWrite(log)) stream.SetLength(stream.Length - missing);
        List<string> keys = [];
        LogCapture captured = new();
        using (LevelDbReader reader = new(_folder["logged"], captured))
        {
            do keys.Add(reader.Key);
            while (reader.TryMoveNext());
            Assert.That(captured.Lines.Single().Line, Does.StartWith("W").And.Contain($"{log}: the file ends at byte ")
                .And.Contain("inside of a record"));
        }
        using LevelDbReference reference = new(_folder["logged"]);
        Assert.That(keys, Is.EqualTo(reference.ReadAll().Select(record => Encoding.UTF8.GetString(record.Key))));
        Assert.That(keys, Has.Count.LessThan(200).And.Count.GreaterThan(20));
    }

    [Test]
    public void ALogOfNothingButABrokenRecordHoldsNoRecords()
    {
        Write("logged");
        string log = Directory.GetFiles(_folder["logged"], "*.log").Single();
        File.WriteAllBytes(log, File.ReadAllBytes(log)[..3]);
        Assert.That(() => new LevelDbReader(_folder["logged"]),
            Throws.TypeOf<AtlException>().With.Message.Contains("the LevelDB holds no records"));
    }

    [Test]
    public void ALogThatWasSetAsideInAdvanceEndsInZeros()
    {
        Write("logged");
        string log = Directory.GetFiles(_folder["logged"], "*.log").Single();
        File.WriteAllBytes(log, [.. File.ReadAllBytes(log), .. new byte[100]]);
        using LevelDbReader reader = new(_folder["logged"]);
        reader.Seek(200);
        Assert.That(reader.Count, Is.EqualTo(200));
    }

    // A length that leads out of a block is damage: only the last block can break off.
    [Test]
    public void ADamagedLengthInsideOfALogIsAnError()
    {
        Write("logged");
        string log = Directory.GetFiles(_folder["logged"], "*.log").Single();
        byte[] bytes = File.ReadAllBytes(log);
        bytes[5] = 0xFF;
        File.WriteAllBytes(log, bytes);
        Assert.That(() => new LevelDbReader(_folder["logged"]),
            Throws.TypeOf<AtlException>().With.Message.StartsWith($"{log}: byte 0 has ").And.Message.Contains(
                "records would be missing"));
    }

    [Test]
    public void AMissingLogIsAnError()
    {
        string log = Directory.GetFiles(_folder["db"], "*.log").Single();
        File.Delete(log);
        Assert.That(() => new LevelDbReader(_folder["db"]), Throws.TypeOf<AtlException>().With.Message.EqualTo(
            $"{_folder["db"]}: the file {Path.GetFileName(log)} is missing, with the records that were written last"));
    }

    // No checksum covers the end of a table: the library would try to take as much memory as it says.
    [Test]
    public void TheEndOfATableIsChecked()
    {
        string table = Table();
        byte[] bytes = File.ReadAllBytes(table);
        for (int i = 48; i > 8; i -= 4)
        {
            byte[] damaged = [.. bytes];
            damaged.AsSpan(bytes.Length - i, Math.Min(9, i - 8)).Fill(0xFF);
            File.WriteAllBytes(table, damaged);
            try
            {
                using LevelDbReader reader = new(_folder["db"]);
                reader.Seek(200);
                Assert.That(reader.Count, Is.EqualTo(200), "padding holds nothing");
            }
            catch (AtlException e)
            {
                Assert.That(e.Message, Does.Contain("damaged"));
            }
        }
        bytes.AsSpan(bytes.Length - 48, 10).Fill(0xFF);
        File.WriteAllBytes(table, bytes);
        Assert.That(() => new LevelDbReader(_folder["db"]), Throws.TypeOf<AtlException>().With.Message.StartsWith(
            $"{table}: the end does not say where the index is"));
        ((byte[])[0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 9]).CopyTo(bytes, bytes.Length - 48);
        File.WriteAllBytes(table, bytes);
        Assert.That(() => new LevelDbReader(_folder["db"]), Throws.TypeOf<AtlException>().With.Message.StartsWith(
            $"{table}: the index is said to have 9 bytes from byte 4294967295, expected it in the table's "));
    }

    [Test]
    public void ADamagedTableIsAnErrorAtItsPlace()
    {
        string table = Table();
        byte[] bytes = File.ReadAllBytes(table);
        bytes[bytes.Length / 2] ^= 0xFF;
        File.WriteAllBytes(table, bytes);
        using LevelDbReader reader = new(_folder["db"]);
        Assert.That(() => reader.Seek(199),
            Throws.InstanceOf<AtlException>().With.Message.StartsWith($"{_folder["db"]}: the record after '000000")
            .And.Message.Contains("its checksum is not that of its bytes, the LevelDB is damaged"));
    }

    [Test]
    public void ATruncatedTableIsAnError()
    {
        string table = Table();
        File.WriteAllBytes(table, File.ReadAllBytes(table)[..^3000]);
        Assert.That(() => new LevelDbReader(_folder["db"]),
            Throws.InstanceOf<AtlException>().With.Message.StartsWith(table).And.Message.EndsWith(
                "by the manifest: truncated or damaged"));
    }

    [Test]
    public void AMissingTableIsAnError()
    {
        string table = Table();
        File.Delete(table);
        Assert.That(() => new LevelDbReader(_folder["db"]),
            Throws.InstanceOf<AtlException>().With.Message.EqualTo(
                $"{table}: no such file, expected a table of a LevelDB"));
    }

    [Test]
    public void WhileItIsWrittenItCannotBeRead()
    {
        using LevelDbWriter writer = new(_folder["new"]);
        writer.Put("1", [1]);
        writer.Commit();
        Assert.That(() => new LevelDbReader(_folder["new"]),
            Throws.InstanceOf<AtlException>().With.Message.Contains("another program has the LevelDB open"));
    }

    private void Write(string name)
    {
        using LevelDbWriter writer = new(_folder[name]);
        for (int i = 0; i < 200; i++)
        {
            byte[] value = new byte[2000];
            new Random(i).NextBytes(value);
            writer.Put($"{i:D8}", value);
        }
    }

    private string Table() => Directory.GetFiles(_folder["db"], "*.ldb").Single();
}
