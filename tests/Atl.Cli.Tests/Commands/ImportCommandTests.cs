using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Cli.Tests.Commands;

/// <summary>import as a user calls it.</summary>
public sealed class ImportCommandTests : FolderFixture
{
    [SetUp]
    public void MakeTree()
    {
        for (int i = 0; i < 6; i++) Picture($"tree/{(i < 4 ? "Ann" : "Bo")}/{i}.png", i, 16);
    }

    [Test]
    public void TreeIsTrainedOnAtOnce()
    {
        ProgramResult import = Run("import", "tree", "-out", "db");
        Assert.That(import.ExitCode, Is.Zero, import.Errors);
        Assert.That(import.Errors, Does.Contain("db: 6 images of 2 identities, labels 0 to 1 (num_output: 2)"));
        Assert.That(File.ReadAllLines(_folder["db.labels.tsv"]), Is.EqualTo(["0\tAnn\t4", "1\tBo\t2"]));
        File.WriteAllText(_folder["net.prototxt"], """
            layer { name: "data" type: "Data" top: "data" top: "label" data_param { source: "db" backend: LMDB batch_size: 6 } transform_param { scale: 0.01 } }
            layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 2 weight_filler { type: "xavier" } } }
            layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
            """);
        File.WriteAllText(_folder["solver.prototxt"],
            """net: "net.prototxt" base_lr: 0.01 lr_policy: "fixed" max_iter: 3 display: 1 snapshot_prefix: "s" """);
        ProgramResult train = Run("train", "--solver=solver.prototxt");
        Assert.That(train.ExitCode, Is.Zero, train.Errors);
        ProgramResult again = Run("import", "tree", "-out", "db");
        Assert.That(again.ExitCode, Is.Zero, again.Errors);
        Assert.That(again.Errors,
            Does.Contain("db exists already, imported from the same source with the same options"));
        ProgramResult other = Run("import", "tree", "-out", "db", "-raw");
        Assert.That(other.ExitCode, Is.EqualTo(1), other.Errors);
        Assert.That(other.LastError, Does.Contain("db: an LMDB is there already and is not overwritten"));
        Assert.That(Run("import", "tree", "-out", "db", "-raw", "-overwrite").ExitCode, Is.Zero);
        using LmdbReader reader = new(_folder["db"]);
        Assert.That(Datum.Parser.ParseFrom(reader.Value).Encoded, Is.False);
    }

    [Test]
    public void WhatCannotBeImportedIsListed()
    {
        File.WriteAllText(_folder["tree/Ann/bad.jpg"], "no image");
        File.Copy(_folder["tree/Ann/0.png"], _folder["tree/Ann/copy.png"]);
        File.Copy(_folder["tree/Ann/1.png"], _folder["tree/Bo/copy.png"]);
        File.WriteAllText(_folder["tree/notes.md"], "");
        Picture("tree/Bo/large.png", 99, 20);
        ProgramResult import = Run("import", "tree", "-out", "db", "-order", "kept");
        Assert.That(import.ExitCode, Is.EqualTo(3), import.Errors);
        Assert.That(import.Errors, Does.Contain("db: 7 images of 2 identities")
            .And.Contain("skipped: 1 unreadable, 1 duplicates, 1 the same as one of another identity, 0 of "
                + "identities with few images (db.skipped.tsv)")
            .And.Contain("ignored: 1 file of the source without an image extension")
            .And.Contain("images have 2 sizes (16×16×3: 6, 20×20×3: 1): a Data layer needs one"));
        Assert.That(import.LastError, Does.Contain("1 of 10 images could not be read: db.skipped.tsv says why"));
        Assert.That(File.ReadAllLines(_folder["db.skipped.tsv"])
            .Select(line => string.Join(' ', line.Split('\t')[..2])), Is.EqualTo(
            ["Ann/bad.jpg unreadable", "Ann/copy.png duplicate", "Bo/copy.png contradiction"]));
    }

    [Test]
    public void AFaultOfAListIsNamedBeforeAnythingIsWritten()
    {
        File.WriteAllText(_folder["list.txt"], "tree/Ann/0.png 0\ntree/Ann/1.png 0\ntree/Bo/4.png 1x\n");
        ProgramResult import = Run("import", "list.txt", "-out", "db");
        Assert.That(import.ExitCode, Is.EqualTo(1), import.Errors);
        Assert.That(import.LastError, Does.Contain("list.txt:3: found '1x', expected a whole number"));
        Assert.That(Directory.GetFileSystemEntries(_folder.FullName, "db*"), Is.Empty);
        File.WriteAllText(_folder["list.txt"], "tree/Ann/0.png 0\ntree/Ann/gone.png 0\ntree/Bo/4.png 1.0\n");
        import = Run("import", "list.txt", "-out", "db/");
        Assert.That(import.ExitCode, Is.EqualTo(3), "a fault of a picture");
        Assert.That(import.Errors,
            Does.Contain("db: 2 images of 2 identities, labels 0 to 1 (num_output: 2)").And.Contain(
                "(db.skipped.tsv)"));
        Assert.That(File.ReadAllLines(_folder["db.labels.tsv"]), Is.EqualTo(["0\t0\t1", "1\t1\t1"]));
    }

    [Test]
    public void LabelsWithGapsAreSaidAndRenumbered()
    {
        File.WriteAllText(_folder["list.txt"], "tree/Ann/0.png 1456\ntree/Ann/1.png 1570\ntree/Bo/4.png 1580\n");
        ProgramResult import = Run("import", "list.txt", "-out", "db");
        Assert.That(import.ExitCode, Is.Zero, import.Errors);
        Assert.That(import.Errors,
            Does.Contain("labels 1456 to 1580 (num_output: 1581)")
            .And.Contain("1,578 of the 1,581 labels from 0 on are unused")
            .And.Contain("-renumber numbers the 3 identities from 0 (num_output: 3)"));
        import = Run("import", "list.txt", "-out", "db", "-renumber", "-overwrite");
        Assert.That(import.Errors,
            Does.Contain("labels 0 to 2 (num_output: 3)").And.Contain("db.labels.tsv has the new label of each"));
        Assert.That(File.ReadAllLines(_folder["db.labels.tsv"])[0], Is.EqualTo("0\t1456\t1"));
        Assert.That(Run("import", "tree", "-out", "db2").Errors, Does.Not.Contain("nobody's"));
    }

    [Test]
    public void WhatIsLeftOutOrEncodedAnewIsSaid()
    {
        using (Mat deep = new(16, 16, MatType.CV_16UC3,
            new Scalar(1000, 2000, 3000))) deep.SaveImage(_folder["tree/Bo/deep.png"]);
        using (Mat clear = new(16, 16, MatType.CV_8UC4,
            new Scalar(1, 2, 3, 255))) clear.SaveImage(_folder["tree/Bo/clear.png"]);
        foreach (string name in (string[])["tree/Bo/a.jfif", "tree/Bo/b.gif",
            "tree/Ann/c.gif"]) File.WriteAllText(_folder[name], "x");
        File.WriteAllText(_folder["overlap.txt"], "Ann/0.png\nBoo\n");
        ProgramResult import = Run("import", "tree", "-exclude", "overlap.txt", "-out", "db");
        Assert.That(import.ExitCode, Is.Zero, import.Errors);
        Assert.That(import.Errors, Does.Contain("db: 7 images of 2 identities")
            .And.Contain("2 images not stored byte for byte, but re-encoded (png): 1 of 16 bits a channel, 1 "
                + "with an alpha channel")
            .And.Contain("not imported: 2 .gif, 1 .jfif (Ann/c.gif, Bo/a.jfif, Bo/b.gif): an image format that folders "
                + "are not searched for")
            .And.Contain("excluded by overlap.txt: 0 identities with 0 images, and 1 image of others")
            .And.Contain("1 name of overlap.txt without an identity or image: 'Boo' (line 2); the source has the "
                + "identity 'Ann' and the image 'Ann/0.png'"));
        Assert.That(File.ReadAllLines(_folder["db.skipped.tsv"])
            .Select(line => string.Join(' ', line.Split('\t')[..2])), Is.EqualTo(
            ["Ann/c.gif other_kind", "Bo/a.jfif other_kind", "Bo/b.gif other_kind", "Ann/0.png excluded"]));
    }

    [TestCase(2, "import needs SOURCE", "-out", "db")]
    [TestCase(2, "-out", "tree")]
    [TestCase(2, "flag '-min_images' is '0', expected 1 or more", "tree", "-out", "db", "-min_images", "0")]
    [TestCase(2, "flag '-resize' is '3x', expected WIDTHxHEIGHT", "tree", "-out", "db", "-resize", "3x")]
    [TestCase(2, "import takes -labels FILE or -renumber", "tree", "-out", "db", "-labels", "x", "-renumber")]
    [TestCase(1, "absent: no such file or folder", "absent", "-out", "db")]
    [TestCase(1, "x: no such file, expected a label map", "tree", "-out", "db", "-labels", "x")]
    public void BadCommandLines(int code, string expected, params string[] arguments)
    {
        ProgramResult result = Run(["import", .. arguments]);
        Assert.That(result.ExitCode, Is.EqualTo(code), result.Errors);
        Assert.That(result.Errors, Does.Contain(expected));
        Assert.That(Directory.Exists(_folder["db"]), Is.False);
    }

    private ProgramResult Run(params string[] arguments) => AtlProgram.Run(_folder.FullName, arguments);

    private void Picture(string name, int number, int size)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        using Mat mat = new(size, size, MatType.CV_8UC3, new Scalar(number, 40, 7));
        mat.SaveImage(_folder[name]);
    }
}
