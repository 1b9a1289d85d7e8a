using System.Formats.Tar;
using Atl.Data;
using Atl.Face.Faces;
using Atl.Face.Import;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Face.Tests.Import;

/// <summary>Folders, lists and tar archives as sources of images.</summary>
public sealed class SourceTests : FolderFixture
{
    [Test]
    public void FolderForEachPerson()
    {
        Put("tree/Bo/1.jpg", 1);
        Put("tree/Ann/b.png", 2);
        Put("tree/Ann/a.png", 3);
        Put("tree/0007/x.png", 4);
        Put("tree/Ann/notes.txt", 5);
        Put("tree/Ann/old.gif", 5);
        using ImportSource source = ImportSource.Open([_folder["tree"]]);
        Assert.That(source.Items, Is.EqualTo([new ImportItem("0007/x.png", "0007"), new("Ann/a.png", "Ann"),
            new("Ann/b.png", "Ann"), new("Bo/1.jpg", "Bo")]));
        Assert.That(source.IsNumbered, Is.False, "folders of digits are names");
        Assert.That(source.PassedOver, Is.EqualTo(["Ann/notes.txt", "Ann/old.gif"]));
        Assert.That(source.Read(1), Is.EqualTo(new byte[] { 3 }));
        Put("tree/alone.png", 6);
        using ImportSource withOther = ImportSource.Open([_folder["tree"]]);
        Assert.That(withOther.Items, Is.EqualTo(source.Items));
        Assert.That(withOther.Faults, Is.EqualTo([new ImportSkip("alone.png", ImportProblem.Unreadable,
            $"{_folder["tree"]}: 'alone.png' is outside all identity folders, expected one folder per identity")]));
        Put("others/1.png", 6);
        Put("others/2.png", 6);
        Assert.That(Error("others"),
            Does.Contain("all 2 images are outside identity folders ('1.png', …), expected one folder per identity"));
    }

    [TestCase("a/1.png 5\n\nb c/2.png 0\n", true, "5,0")]
    [TestCase("a/1.png\tAnn Lee\nb c/2.png\tNan\n", false, "Ann Lee,Nan")]
    [TestCase("a/1.png 5.0\nb c/2.png 0.000000\n", true, "5,0")]
    [TestCase("a/1.png 05\nb c/2.png +7\n", true, "5,7")]
    [TestCase("0\t5.000000\ta/1.png\n1\t0\tb c/2.png\n", true, "5,0")]
    [TestCase("0\t5\t0.5\ta/1.png\r\n1\t0\t0.25\tb c/2.png\r\n", true, "5,0")]
    [TestCase("1\ta/1.png\t5\n1\tb c/2.png\t0\n", true, "5,0")]
    public void Lists(string text, bool numbered, string identities)
    {
        Put("a/1.png", 1);
        Put("b c/2.png", 2);
        File.WriteAllText(_folder["list.txt"], text);
        using ImportSource source = ImportSource.Open([_folder["list.txt"]]);
        Assert.That(source.Items.Select(item => item.Name), Is.EqualTo(["a/1.png", "b c/2.png"]));
        Assert.That((source.IsNumbered, string.Join(',', source.Items.Select(item => item.Identity))),
            Is.EqualTo((numbered, identities)));
        Assert.That(source.Read(1), Is.EqualTo(new byte[] { 2 }));
        using ImportSource rooted = ImportSource.Open([_folder["list.txt"]], _folder["elsewhere"]);
        Assert.That(() => rooted.Read(0), Throws.TypeOf<AtlException>().With.Message.Contains("elsewhere"));
    }

    [Test]
    public void PathsOfAListFromWindowsAreFound()
    {
        Put("a/1.png", 1);
        Put("b c/2.png", 2);
        File.WriteAllText(_folder["list.txt"], "a\\1.png 0\r\nb c\\2.png 1\r\n");
        using ImportSource source = ImportSource.Open([_folder["list.txt"]]);
        Assert.That(source.Items.Select(item => item.Name), Is.EqualTo(["a/1.png", "b c/2.png"]));
        Assert.That(source.Read(1), Is.EqualTo(new byte[] { 2 }));
        IReadOnlyList<ImageFile> images = ImageFiles.Find([_folder["list.txt"]], out _);
        Assert.That(images.Select(image => (image.Name, image.Label)),
            Is.EqualTo([("a/1.png", (int?)0), ("b c/2.png", 1)]));
        Assert.That(DecodedImage.ReadFile(_folder["b c\\2.png"]), Is.EqualTo(new byte[] { 2 }), "of a file of faces");
    }

    [TestCase("a.png 1\nb.png\n", "list.txt:2: found 'b.png', expected a path, a space or tab, and a label or name")]
    [TestCase("a.png -1\n", "list.txt:1: found the label -1, expected a whole number from 0 to 2147483646")]
    [TestCase("a.png 2147483647\n", "list.txt:1: found the label 2147483647")]
    [TestCase("a.png 2147483648\n", "list.txt:1: found the label 2147483648")]
    [TestCase("a.png 1\nb.png 2.5\n", "list.txt:2: found the label 2.5, expected a whole number")]
    [TestCase("a.png 0\nb.png 1\n\nc.png 11x\n",
        "list.txt:4: found '11x', expected a whole number, as 2 other images have (1 have none)")]
    [TestCase("a.png 0\nb.png 1\nc.png 0,\n", "list.txt:3: found '0,', expected a whole number")]
    [TestCase("path label\na.png 0\nb.png 1\n", "list.txt:1: found 'label', expected a whole number")]
    [TestCase("a.png 0\nmy b.png\nc.png 1\n", "list.txt:2: found 'b.png', expected a whole number")]
    [TestCase("a.png Ann\nb.png Bo\nc.png 7\n",
        "list.txt:3: found the number '7', expected a name, as 2 other images have (1 have a number)")]
    [TestCase("path\tname\na.png\tAnn\nb.png\tBo\n",
        "list.txt:1: found 'path\\tname', which names no image; expected a path")]
    [TestCase("0\t5\ta.png\n1\t5x\tb.png\n",
        "list.txt:2: found '1\\t5x\\tb.png', expected an index, a label and a path, with tabs between them")]
    [TestCase("0\t5\ta.png\n1\tb.png\n", "list.txt:2: found '1\\tb.png', expected an index")]
    [TestCase("index\tlabel\tpath\n0\t5\ta.png\n", "list.txt:1: found 'index\\tlabel\\tpath', expected an index")]
    [TestCase("1\ta.png\t5.5\n", "list.txt:1: found the label 5.5, expected a whole number")]
    [TestCase("\n", "the list is empty")]
    public void BadLists(string text, string expected)
    {
        File.WriteAllText(_folder["list.txt"], text);
        Assert.That(Error("list.txt"), Does.Contain(expected));
    }

    [Test]
    public void SamplesOfTarArchives()
    {
        Tar("0.tar", ("./000.jpg", [1, 2, 3]), ("./000.cls", "12"u8.ToArray()), ("x/001.color.png", [4]),
            ("x/001.json", "{\"label\": 3.0}"u8.ToArray()),
            ("readme", [0]));
        Tar("1.tar", ("002.cls", "5\n"u8.ToArray()), ("002.jpg", [5, 6]));
        using ImportSource source = ImportSource.Open([_folder["0.tar"], _folder["1.tar"]]);
        Assert.That(source.Items,
            Is.EqualTo([new ImportItem("000.jpg", "12"), new("x/001.color.png", "3"), new("002.jpg", "5")]));
        Assert.That((source.IsNumbered, source.PassedOver.Single()), Is.EqualTo((true, "readme")));
        Assert.That(Enumerable.Range(0, 3).Select(source.Read), Is.EqualTo(new byte[][] { [1, 2, 3], [4], [5, 6] }));
    }

    [Test]
    public void FoldersOfTarArchives()
    {
        Tar("t.tar", ("Bo/1.jpg", [1]), ("Ann/1.jpg", [2]));
        using ImportSource source = ImportSource.Open([_folder["t.tar"]]);
        Assert.That(source.Items.Select(item => item.Identity), Is.EqualTo(["Bo", "Ann"]));
        Assert.That(source.IsNumbered, Is.False);
    }

    [Test]
    public void BadTarArchives()
    {
        Tar("t.tar", ("1.jpg", [1]));
        Assert.That(Error("t.tar"),
            Does.Contain("'1.jpg' has no identity, expected 1.cls or .json beside it"));
        Tar("t.tar", ("a/1.jpg", [1]), ("a/1.jpg", [2]));
        Assert.That(Fault("t.tar"), Does.Contain("two images called 'a/1.jpg'"));
        Tar("t.tar", ("1.jpg", [1]), ("1.cls", "4"u8.ToArray()), ("2.jpg", [2]), ("2.cls", "5"u8.ToArray()),
            ("3.jpg", [3]), ("3.cls", "5x"u8.ToArray()));
        Assert.That(Fault("t.tar"),
            Does.Contain("t.tar: whom '3.jpg' shows: found '5x', expected a whole number, as 2 other images have"));
        Tar("t.tar", ("1.jpg", [1]), ("1.cls", "4"u8.ToArray()), ("Bo/2.jpg", [2]));
        Assert.That(Fault("t.tar"), Does.Contain("t.tar: whom 'Bo/2.jpg' shows: found 'Bo', expected a whole number"));
        Tar("t.tar", ("a/1.jpg", [1]), ("a/1.json", "{"u8.ToArray()));
        Assert.That(Error("t.tar"), Does.Contain("'a/1.json' is no JSON"));
        Tar("t.tar", ("a.txt", [1]));
        Assert.That(Error("t.tar"), Does.Contain("found no images"));
        File.WriteAllBytes(_folder["t.tar"], [.. Enumerable.Range(0, 2000).Select(i => (byte)(i * 7))]);
        Assert.That(Error("t.tar"), Does.Contain("damaged, or no tar archive"));
    }

    [Test]
    public void OtherThingsAreNoSources()
    {
        Assert.That(Error("absent"), Does.Contain("no such file or folder"));
        Put("a.bin", 1);
        Put("tree/Ann/1.png", 1);
        Assert.That(Error("a.bin"),
            Does.Contain("expected a folder, a list (.txt, .lst, .list), a RecordIO file (.rec) or tar "
                + "archives (.tar)"));
        Assert.That(
            Assert.Throws<AtlException>(() => ImportSource.Open([_folder["tree"], _folder["a.bin"]])
                .Dispose())!.Message,
            Does.Contain("2 sources, expected one, or several that are all tar archives"));
    }

    private string Error(string name) =>
        Assert.Throws<AtlException>(() => ImportSource.Open([_folder[name]]).Dispose())!.Message;

    // What is wrong with a source of which the rest can be read.
    private string Fault(string name)
    {
        using ImportSource source = ImportSource.Open([_folder[name]]);
        return source.Faults.Single().Reason;
    }

    private void Put(string name, byte content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllBytes(_folder[name], [content]);
    }

    private void Tar(string name, params (string Name, byte[] Content)[] files)
    {
        using TarWriter writer = new(File.Create(_folder[name]));
        foreach ((string file, byte[] content) in files)
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile,
                file)
            { DataStream = new MemoryStream(content) });
    }
}
