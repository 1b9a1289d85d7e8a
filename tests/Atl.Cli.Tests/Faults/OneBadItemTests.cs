using System.Diagnostics;
using System.Formats.Tar;
using Atl.Proto;
using Atl.TestSupport;
using Google.Protobuf;
using OpenCvSharp;

namespace Atl.Cli.Tests.Faults;

/// <summary>One bad item never ends a batch: it is listed with its reason, and the rest goes on.</summary>
public sealed class OneBadItemTests : FolderFixture
{
    private const string Points = " 30 40 60 40 45 55 35 70 55 70\n";

    // A PNG's header that claims 12,000 x 12,000 pixels.
    private static readonly byte[] Bomb =
        [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0x2E, 0xE0, 0, 0, 0x2E, 0xE0, 8, 2, 0, 0, 0, 1,
        2, 3, 4];

    [Test]
    public void AlignGoesOnAfterAnyImage()
    {
        Picture("a.png", 100, 100);
        Picture("wide.png", 40_000, 100);
        File.WriteAllBytes(_folder["bomb.png"], Bomb);
        Directory.CreateDirectory(_folder["folder.png"]);
        File.WriteAllText(_folder["faces.txt"],
            string.Concat(((string[])["bomb.png", "a.png", "folder.png", "absent.png", "wide.png"]).Select(name =>
                name + Points)));
        ProgramResult result = Run("align", "-faces", "faces.txt", "-out", "aligned");
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((3, result.Errors)));
        Assert.That(result.Errors,
            Does.Contain("5 images: 2 aligned, 0 there already, 3 failed").And.Not.Contain("Exception"));
        Assert.That(File.ReadAllText(_folder["aligned/failed.txt"]),
            Does.Contain("bomb.png\timage 'bomb.png' of 33 bytes: an image of 12000 x 12000 = 144000000 pixels (width "
                + "x height), expected at most 100000000 pixels; -max_pixels or ATL_MAX_PIXELS raises the limit"));
    }

    [Test]
    public void ImportGoesOnAfterAnyPicture()
    {
        Picture("tree/Ann/1.png", 20, 20);
        Picture("tree/Bob/2.png", 30, 30);
        File.WriteAllBytes(_folder["tree/Bob/bomb.png"], Bomb);
        ProgramResult result = Run("import", "tree", "-out", "db");
        Assert.That(result.ExitCode, Is.EqualTo(3), result.Errors);
        Assert.That(File.ReadAllText(_folder["db.skipped.tsv"]),
            Does.StartWith("Bob/bomb.png\tunreadable\t").And.Contain("144000000 pixels"));
        result = Run("import", "tree", "-out", "small", "-max_pixels", "400");
        Assert.That(result.ExitCode, Is.EqualTo(3), result.Errors);
        Assert.That(File.ReadAllText(_folder["small.skipped.tsv"]),
            Does.Contain("30 x 30 = 900 pixels (width x height), expected at most 400"));
    }

    [Test]
    public void ABackslashIsALetterOfANameOutsideWindows()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("a backslash parts paths");
        Picture("tree/Ann/1.png", 20, 20);
        Picture("tree/Ann/\\2.png", 21, 21);
        Picture("tree/Ann/x\\3.png", 22, 22);
        ProgramResult result = Run("import", "tree", "-out", "db");
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, result.Errors)));
        Assert.That(File.ReadAllText(_folder["db.labels.tsv"]), Is.EqualTo("0\tAnn\t3\n"));
        Assert.That(result.Errors, Does.StartWith("db: 3 images of 1 identity"));
    }

    // A path that is longer than the system takes cannot be read by anybody, the administrator included.
    [Test]
    public void AFolderThatCannotBeReadIsAFailure()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("the longest path of Linux");
        Picture("tree/Ann/1.png", 4, 4);
        try
        {
            // Each half has a name that the system takes.
            Shell("cd tree; p=$(printf '%0200d/' 0 0 0 0 0 0 0 0 0 0 0); mkdir -p up/$p low/$p; mv low up/$p");
            ProgramResult result = Run("import", "tree", "-out", "db");
            Assert.That((result.ExitCode, result.LastError), Is.EqualTo(
                (3, "atl import: 1 of 2 images could not be read: db.skipped.tsv says why")));
            Assert.That(File.ReadAllText(_folder["db.skipped.tsv"]),
                Does.Contain("0/\tunreadable\t").And.Contain("cannot be read: "));
            File.WriteAllText(_folder["tree/net.prototxt"],
                "name: 'n' layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: 1 } } }");
            result = Run("lint", "tree");
            Assert.That((result.ExitCode, result.Output), Is.EqualTo((1, result.Output)));
            Assert.That(result.Output, Does.Contain("tree/net.prototxt").And.Contain("000/000"));
        }
        finally
        {
            Shell("rm -rf tree");
        }
    }

    [Test]
    public void ImportKeepsWhatCanBeReadOfATarArchive()
    {
        Picture("Ann/1.png", 20, 20);
        Picture("Ann/2.png", 30, 30);
        using (TarWriter tar = new(File.Create(_folder["a.tar"])))
        {
            foreach (string name in (string[])["Ann/1.png", "Ann/2.png"]) tar.WriteEntry(_folder[name], name);
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile,
                "Ann/2.json")
            { DataStream = new MemoryStream("{"u8.ToArray()) });
        }
        ProgramResult result = Run("import", "a.tar", "-out", "db");
        Assert.That((result.ExitCode, result.LastError),
            Is.EqualTo((3, "atl import: 1 of 2 images could not be read: db.skipped.tsv says why")));
        Assert.That(File.ReadAllText(_folder["db.skipped.tsv"]),
            Does.StartWith("Ann/2.png\tunreadable\ta.tar: 'Ann/2.json' is no JSON"));
    }

    [Test]
    public void ConvertImageSetGoesOnAfterAnyImageAsCaffeDoes()
    {
        Picture("a.png", 20, 20);
        File.WriteAllBytes(_folder["bomb.png"], Bomb);
        File.WriteAllText(_folder["list.txt"], "bomb.png 0\na.png 1\nabsent.png 2\n");
        ProgramResult result = Run("convert_imageset", "./", "list.txt", "db");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Errors,
            Does.Contain("list.txt:1: image './bomb.png'").And.Contain("144000000 pixels").And.Contain("list.txt:3: "));
        result = Run("convert_imageset", "-resize_width", "20000", "-resize_height", "20000", "./", "list.txt",
            "large");
        Assert.That((result.ExitCode, result.LastError),
            Is.EqualTo((1, "atl convert_imageset: a size of 20000 x 20000 = 400000000 pixels "
            + "(width x height) to resize to, expected at most 100000000 pixels; -max_pixels or ATL_MAX_PIXELS "
            + "raises the limit")));
    }

    [Test]
    public void ExtractGoesOnThoughAllOfItsFirstBatchIsBad()
    {
        File.WriteAllText(_folder["net.prototxt"],
            "layer { name: 'in' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 3 dim: 4 dim: 4 } } } "
            + "layer { name: 'ip' type: 'InnerProduct' bottom: 'data' top: 'feature' inner_product_param { "
            + "num_output: 2 } }");
        Picture("tree/z.png", 4, 4);
        foreach (int i in Enumerable.Range(0, 5)) File.WriteAllBytes(_folder[$"tree/{i}.png"], Bomb);
        NetParameter weights = new()
        {
            Layer = { new LayerParameter { Name = "ip", Type = "InnerProduct", Blobs = { Zeros(2, 48), Zeros(2) } } },
        };
        File.WriteAllBytes(_folder["net.caffemodel"], weights.ToByteArray());
        ProgramResult result = Run("extract", "tree", "-model", "net.prototxt", "-weights", "net.caffemodel",
            "-batch", "2", "-out", "f.npy");
        Assert.That(result.ExitCode, Is.EqualTo(3), result.Errors);
        Assert.That(File.ReadAllText(_folder["f.txt"]), Is.EqualTo("z.png\n"));
        Assert.That(File.ReadAllLines(_folder["f.npy.failed.tsv"]), Has.Length.EqualTo(5));
    }

    [Test]
    public void LintGivesEachFileItsResult()
    {
        const string Net =
            "layer {{ name: 'in' type: 'Input' top: 'x' input_param {{ shape {{ dim: 2 dim: {0} dim: 5 dim: 5 }} }} }} "
            + "layer {{ name: 'c' type: 'Concat' bottom: 'x' bottom: 'x' top: 'y' }}";
        Directory.CreateDirectory(_folder["nets"]);
        File.WriteAllText(_folder["nets/good.prototxt"],
            string.Format(System.Globalization.CultureInfo.InvariantCulture, Net, 3));
        File.WriteAllText(_folder["nets/huge.prototxt"],
            string.Format(System.Globalization.CultureInfo.InvariantCulture, Net, int.MaxValue));
        ProgramResult result = Run("lint", "nets");
        Assert.That(result.ExitCode, Is.EqualTo(1), result.Errors);
        Assert.That(result.Output,
            Does.Match("good.prototxt +net +built").And.Contain("nets/huge.prototxt").And.Contain("[error]")
            .And.Contain("2 files: 1 built, 1 error"));
    }

    [TestCase("0")]
    [TestCase("-5")]
    [TestCase("2000000000")]
    public void ALimitThatIsNoneIsAWrongUsage(string limit)
    {
        ProgramResult result = Run("import", "tree", "-out", "db", "-max_pixels=" + limit);
        Assert.That((result.ExitCode, result.LastError), Is.EqualTo(
            (2, $"atl: flag '-max_pixels' is '{limit}', expected a number of pixels from 1 to 536870911")));
    }

    [TestCase("7", 3, "expected at most 7 pixels")]
    [TestCase("many", 1,
    "the environment variable ATL_MAX_PIXELS is 'many', expected a number of pixels from 1 to 536870911")]
    public void TheEnvironmentSetsTheLimit(string limit, int code, string expected)
    {
        Picture("tree/Ann/1.png", 20, 20);
        Picture("tree/Ann/2.png", 1, 1);
        ProgramResult result = AtlProgram.Run(_folder.FullName,
            new Dictionary<string, string> { ["ATL_MAX_PIXELS"] = limit },
            "import", "tree", "-out", "db");
        Assert.That(result.ExitCode, Is.EqualTo(code), result.Errors);
        string said = File.Exists(_folder["db.skipped.tsv"]) ? File.ReadAllText(_folder["db.skipped.tsv"])
            : result.Errors;
        Assert.That(said, Does.Contain(expected));
    }

    private static BlobProto Zeros(params long[] dims) => new()
    {
        Shape = new BlobShape { Dim = { dims } },
        Data = { new float[dims.Aggregate((product, dim) => product * dim)] },
    };

    private void Shell(string line)
    {
        using Process shell =
            Process.Start(new ProcessStartInfo("sh", ["-c", line]) { WorkingDirectory = _folder.FullName })!;
        shell.WaitForExit();
        Assert.That(shell.ExitCode, Is.Zero, line);
    }

    private ProgramResult Run(params string[] arguments) => AtlProgram.Run(_folder.FullName, arguments);

    private void Picture(string name, int width, int height)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        using Mat image = new(height, width, MatType.CV_8UC3, new Scalar(10, 20, 30));
        File.WriteAllBytes(_folder[name], image.ImEncode(".png"));
    }
}
