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
        // The first to open it turns the log into a table.
        using LevelDbReader reader = new(_folder["db"]);
    }

    [Test]
    public void CountIsKnownAfterAPass()
    {
        using LevelDbReader reader = new(_folder["db"]);
        Assert.That(reader.Count, Is.Null);
        reader.Seek(450);
        Assert.That((reader.Count, reader.Position, reader.Key), Is.EqualTo(((long?)200, 50L, "00000050")));
    }

    [Test]
    public void ALogThatBreaksOffIsAnError()
    {
        Write("logged");
        string log = Directory.GetFiles(_folder["logged"], "*.log").Single();
        byte[] bytes = File.ReadAllBytes(log);
        Assert.That(bytes, Has.Length.GreaterThan(100_000));
        // The library would give what comes before, and remove the rest for good.
        foreach (int length in (int[])[bytes.Length - 1, bytes.Length - 50_000, 40_000, 3])
        {
            File.WriteAllBytes(log, bytes[..length]);
            Assert.That(() => new LevelDbReader(_folder["logged"]),
                Throws.TypeOf<AtlException>().With.Message.StartsWith($"{log}: byte ").And.Message.Contains("records would be missing"));
        }
        File.WriteAllBytes(log, [.. bytes, .. new byte[100]]);
        using LevelDbReader reader = new(_folder["logged"]);
        reader.Seek(200);
        Assert.That(reader.Count, Is.EqualTo(200));
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
        bytes.AsSpan(bytes.Length - 48, 9).Fill(0xFF);
        File.WriteAllBytes(table, bytes);
        Assert.That(() => new LevelDbReader(_folder["db"]), Throws.TypeOf<AtlException>().With.Message.StartsWith(
            $"{table}: the end of the table names a block that is not in its"));
    }

    [Test]
    public void ADamagedTableIsAnErrorAtItsPlace()
    {
        string table = Table();
        byte[] bytes = File.ReadAllBytes(table);
        bytes[bytes.Length / 2] ^= 0xFF;
        File.WriteAllBytes(table, bytes);
        using LevelDbReader reader = new(_folder["db"]);
        Assert.That(() => reader.Seek(199), Throws.InstanceOf<AtlException>().With.Message.StartsWith($"{_folder["db"]}: the record after '000000")
            .And.Message.Contains("cannot be read, the LevelDB is damaged: Corruption"));
    }

    [Test]
    public void ATruncatedTableIsAnError()
    {
        string table = Table();
        File.WriteAllBytes(table, File.ReadAllBytes(table)[..^3000]);
        Assert.That(() => new LevelDbReader(_folder["db"]),
            Throws.InstanceOf<AtlException>().With.Message.StartsWith(_folder["db"]).And.Message.Contains("without the end of a table: truncated or damaged"));
    }

    [Test]
    public void AMissingTableIsAnError()
    {
        File.Delete(Table());
        Assert.That(
            () => new LevelDbReader(_folder["db"]),
                Throws.InstanceOf<AtlException>().With.Message.StartsWith($"{_folder["db"]}: the LevelDB cannot be opened: Corruption"));
    }

    [Test]
    public void WhileItIsWrittenItCannotBeRead()
    {
        using LevelDbWriter writer = new(_folder["new"]);
        writer.Put("1", [1]);
        writer.Commit();
        Assert.That(() => new LevelDbReader(_folder["new"]), Throws.InstanceOf<AtlException>().With.Message.Contains("the LevelDB cannot be opened: IO error"));
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
