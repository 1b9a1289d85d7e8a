using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Cli.Tests;

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
        Assert.That(import.Errors, Does.Contain("db: 6 pictures of 2 people, labels 0 to 1 (num_output: 2)"));
        Assert.That(File.ReadAllLines(_folder["db.labels.tsv"]), Is.EqualTo(["0\tAnn\t4", "1\tBo\t2"]));
        File.WriteAllText(_folder["net.prototxt"], """
            layer { name: "data" type: "Data" top: "data" top: "label" data_param { source: "db" backend: LMDB batch_size: 6 } transform_param { scale: 0.01 } }
            layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 2 weight_filler { type: "xavier" } } }
            layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
            """);
        File.WriteAllText(_folder["solver.prototxt"], """net: "net.prototxt" base_lr: 0.01 lr_policy: "fixed" max_iter: 3 display: 1 snapshot_prefix: "s" """);
        ProgramResult train = Run("train", "--solver=solver.prototxt");
        Assert.That(train.ExitCode, Is.Zero, train.Errors);
        ProgramResult again = Run("import", "tree", "-out", "db");
        Assert.That(again.ExitCode, Is.Zero, again.Errors);
        Assert.That(again.Errors, Does.Contain("db is there already, made from the same source in the same way"));
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
        Assert.That(import.Errors, Does.Contain("db: 7 pictures of 2 people")
            .And.Contain("not in it: 1 unreadable, 1 duplicates, 1 the same as one of somebody else, 0 of people with few pictures (db.skipped.tsv)")
            .And.Contain("1 files of the source are no pictures")
            .And.Contain("pictures have 2 sizes (16×16×3: 6, 20×20×3: 1): a Data layer needs one"));
        Assert.That(import.LastError, Does.Contain("1 of 10 pictures could not be read: db.skipped.tsv says why"));
        Assert.That(File.ReadAllLines(_folder["db.skipped.tsv"]).Select(line => string.Join(' ', line.Split('\t')[..2])), Is.EqualTo(
            ["Ann/bad.jpg unreadable", "Ann/copy.png duplicate", "Bo/copy.png contradiction"]));
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
