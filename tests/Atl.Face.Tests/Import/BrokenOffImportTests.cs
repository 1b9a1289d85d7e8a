using System.Diagnostics;
using System.Globalization;
using Atl.Data;
using Atl.Face.Import;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Face.Tests.Import;

/// <summary>What a run leaves behind that was killed at a step of it, and what the next one makes of it.</summary>
public sealed class BrokenOffImportTests : FolderFixture
{
    private const int Images = 300;
    private static readonly string[] Endings = [ImportRun.LabelsEnding, ImportRun.SkippedEnding,
        ImportRun.RecordEnding];

    private string Database => _folder["out/db"];

    [SetUp]
    public void MakePictures()
    {
        for (int i = 0; i < Images; i++)
        {
            string person = Directory.CreateDirectory(_folder[$"pictures/{i % 7}"]).FullName;
            // Some twice, and one that is none.
            File.WriteAllBytes(Path.Combine(person, $"{i}.png"), i == 20 ? [1, 2, 3] : Pictures.Png(i % 280));
        }
        Directory.CreateDirectory(_folder["out"]);
    }

    // The order of a run's last steps: the last records, the lists, the rename, the record of the import, the journal's
    // end.
    [TestCase("some records are written")]
    [TestCase("all records are written")]
    [TestCase("the lists are written")]
    [TestCase("the database has its name")]
    [TestCase("the record is written")]
    [TestCase("the old database has made way")]
    public void TheNextRunComesToTheSame(string step)
    {
        List<string> copies = [];
        Run(new ImportOptions(), done =>
        {
            copies.Add(_folder[$"copy{done}"]);
            Process.Start("cp", ["-r", _folder["out"], copies[^1]]).WaitForExit();
        });
        string[] expected = Content();
        string[] lists = [.. Endings.Select(ending => File.ReadAllText(Database + ending))];
        Assert.That(copies, Has.Count.EqualTo(2));
        string copy = copies[step == "some records are written" ? 0 : 1], journal = Database + ".journal.tsv";
        switch (step)
        {
            case "the database has its name" or "the record is written":
                File.Copy(Path.Combine(copy, "db.journal.tsv"), journal);
                if (step == "the database has its name") File.Delete(Database + ImportRun.RecordEnding);
                break;
            case "the old database has made way":
                Directory.Move(Path.Combine(copy, "db.unfinished"), Database + ".unfinished");
                Directory.Move(Database, Database + ".replaced");
                File.Copy(Path.Combine(copy, "db.journal.tsv"), journal);
                File.Delete(Database + ImportRun.RecordEnding);
                break;
            default:
                string[] written = [.. Endings[..2].Select(ending => File.ReadAllText(Database + ending))];
                Directory.Delete(_folder["out"], recursive: true);
                Directory.Move(copy, _folder["out"]);
                if (step == "the lists are written")
                    for (int i = 0; i < 2; i++) File.WriteAllText(Database + Endings[i], written[i]);
                break;
        }
        ImportOutcome? outcome = Run(new ImportOptions());
        Assert.That(outcome is null, Is.EqualTo(step == "the record is written"));
        Assert.That(Content(), Is.EqualTo(expected));
        Assert.That(Endings.Select(ending => File.ReadAllText(Database + ending)), Is.EqualTo(lists));
        Assert.That(Directory.GetFileSystemEntries(_folder["out"]).Select(Path.GetFileName),
            Is.EquivalentTo([.. Endings.Select(ending => "db" + ending), "db"]));
    }

    [Test]
    public void OtherArgumentsAreToldWhatIsThere()
    {
        Assert.That(() => Run(new ImportOptions(), _ => throw new InvalidOperationException("killed")),
            Throws.InvalidOperationException);
        Assert.That(() => Run(new ImportOptions { Gray = true }), Throws.TypeOf<AtlException>().With.Message.StartsWith(
            $"{Database}: an import of other images or with other options was interrupted here, before all its images "
                + "were in the database"));
        string journal = Database + ".journal.tsv", kept = "";
        Run(new ImportOptions(), _ => kept = File.ReadAllText(journal));
        File.Delete(Database + ImportRun.RecordEnding);
        File.WriteAllText(journal, kept);
        Assert.That(() => Run(new ImportOptions { Gray = true }), Throws.TypeOf<AtlException>().With.Message.StartsWith(
            $"{Database}: an import of other images or with other options was interrupted here, after all its images "
                + "were in the database"));
        Directory.Delete(Database, recursive: true);
        using (LmdbWriter writer = new(Database)) writer.Put("1", [1]);
        Assert.That(() => Run(new ImportOptions()), Throws.TypeOf<AtlException>().With.Message.StartsWith(
            $"{Database}: an LMDB of 1 record that begins with '1', expected 279 images of the import that was "
                + "interrupted here"));
        Assert.That(Run(new ImportOptions { Overwrite = true })!.Earlier, Is.EqualTo(0));
    }

    [Test]
    public void TwoRunsAtOnceDoNotWriteToOneDatabase()
    {
        int refused = 0;
        Run(new ImportOptions(), _ =>
        {
            Assert.That(() => Run(new ImportOptions()),
                Throws.TypeOf<AtlException>().With.Message.Contains(
                    "another part of this process is writing an import here"));
            Assert.That(() => Run(new ImportOptions { Overwrite = true }),
                Throws.TypeOf<AtlException>().With.Message.Contains(
                    "another part of this process is writing an import here"));
            refused++;
        });
        Assert.That((refused, Content().Length), Is.EqualTo((2, 279)));
    }

    private ImportOutcome? Run(ImportOptions options, Action<int>? onDone = null)
    {
        using ImportSource source = FolderSource.Open(_folder["pictures"]);
        return new ImportRun(options).Run(source, Database, onDone);
    }

    private string[] Content()
    {
        List<string> records = [];
        using LmdbReader reader = new(Database);
        do records.Add(string.Create(CultureInfo.InvariantCulture,
            $"{reader.Key} {Convert.ToHexString(reader.Value)}"));
        while (reader.TryMoveNext());
        return [.. records];
    }
}
