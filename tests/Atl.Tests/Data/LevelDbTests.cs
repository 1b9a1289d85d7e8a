using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Data;

public sealed class LevelDbTests : FolderFixture
{
    [SetUp]
    public void WriteTables()
    {
        using (LevelDbWriter writer = new(_folder["db"]))
            for (int i = 0; i < 200; i++)
            {
                byte[] value = new byte[2000];
                new Random(i).NextBytes(value);
                writer.Put($"{i:D8}", value);
            }
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
            Throws.InstanceOf<AtlException>().With.Message.StartsWith(_folder["db"]).And.Message.Contains("the LevelDB is damaged"));
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

    private string Table() => Directory.GetFiles(_folder["db"], "*.ldb").Single();
}
