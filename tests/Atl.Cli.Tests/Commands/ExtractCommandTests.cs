using System.Globalization;
using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Cli.Tests.Commands;

/// <summary>extract as a user calls it, and what verify makes of its files.</summary>
public sealed class ExtractCommandTests : FolderFixture
{
    private static readonly string[] Net = ["-model", "net.prototxt", "-weights", "net.caffemodel", "-mean_value", "0",
        "-scale", "1"];

    [SetUp]
    public void MakeInputs()
    {
        // The feature is the image itself, by a 1×1 convolution of weight 2.
        const string Layers = """
            name: "twice"
            layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 1 dim: 1 dim: 1 dim: 3 } } }
            layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 1 kernel_size: 1 bias_term: false } }
            layer { name: "flat" type: "Flatten" bottom: "conv" top: "feature" }
            """;
        File.WriteAllText(_folder["net.prototxt"], Layers);
        BlobProto two = new() { Shape = new BlobShape { Dim = { 1, 1, 1, 1 } }, Data = { 2 } };
        LayerParameter conv = new() { Name = "conv", Type = "Convolution", Blobs = { two } };
        ProtoFiles.WriteNetBinary(_folder["net.caffemodel"], new NetParameter { Layer = { conv } });
        Picture("tree/Ann/1.png", 1, 2, 3);
        Picture("tree/Ann/2.png", 1, 2, 4);
        Picture("tree/Bo/1.png", 9, 1, 0);
        Picture("tree/Bo/2.png", 8, 1, 0);
    }

    [TestCase("f.npy", "f.txt")]
    [TestCase("f.h5", "f.txt")]
    [TestCase("f.hdf5", "f.txt")]
    [TestCase("f.npz", "f.txt")]
    [TestCase("f.csv", "f.txt")]
    [TestCase("f_lmdb", "f_lmdb.txt")]
    [TestCase("f.lmdb", "f.lmdb.txt")]
    [TestCase("f.leveldb", "f.leveldb.txt")]
    [TestCase("f_v1.2", "f_v1.2.txt")]
    public void FeaturesGoOnToVerify(string output, string names)
    {
        ProgramResult extract = Run(["extract", "tree", "-out", output, "-batch", "3", .. Net]);
        Assert.That(extract.ExitCode, Is.Zero, extract.Errors);
        Assert.That(extract.Errors, Does.Contain($"{output}: 4 features of 3 values, names in {names}"));
        Assert.That(File.ReadAllLines(_folder[names]),
            Is.EqualTo(["Ann/1.png\t0", "Ann/2.png\t0", "Bo/1.png\t1", "Bo/2.png\t1"]));
        ProgramResult verify = Run("verify", output, "-all", "-far", "0.25");
        Assert.That(verify.ExitCode, Is.Zero, verify.Errors);
        Assert.That(verify.Output,
            Does.Contain("all pairs of 2 identities: 2 genuine and 4 impostor pairs scored, 0 not").And.Match(
                @"area under ROC +1\.000000"));
    }

    [Test]
    public void WhatANetSaysWhileItIsBuiltIsLoggedOnlyWhenAskedFor()
    {
        ProgramResult quiet = Run(["extract", "tree", "-out", "quiet.npy", .. Net]);
        ProgramResult told = Run(["extract", "tree", "-out", "told.npy", "-minloglevel", "0", .. Net]);
        Assert.That(quiet.Errors, Does.Contain("4 features").And.Not.Contain("Use CPU."));
        Assert.That(told.Errors, Does.Contain("4 features").And.Contain("Use CPU."));
    }

    // libpng warns of a color profile that is none, libjpeg of bytes before the end.
    [Test]
    public void WhatImageLibrariesSayIsOneLineWithThePicturesName()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("the messages of libpng and libjpeg are taken on Linux");
        byte[] png = File.ReadAllBytes(_folder["tree/Ann/1.png"]);
        byte[] profile = [0, 0, 0, 11, .. "iCCP"u8, .. "x\0\0"u8, 1, 2, 3, 4, 5, 6, 7, 8];
        uint crc = uint.MaxValue;
        foreach (byte b in profile.AsSpan(4))
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        crc = ~crc;
        // After the header.
        File.WriteAllBytes(_folder["tree/Ann/1.png"],
            [.. png[..33], .. profile, (byte)(crc >> 24), (byte)(crc >> 16), (byte)(crc >> 8), (byte)crc,
                .. png[33..]]);
        using (Mat image = new(1, 3, MatType.CV_8UC1, Scalar.All(7))) image.ImWrite(_folder["tree/Bo/3.jpg"]);
        byte[] jpeg = File.ReadAllBytes(_folder["tree/Bo/3.jpg"]);
        File.WriteAllBytes(_folder["tree/Bo/3.jpg"], [.. jpeg[..^2], 1, 2, 3, 4, 5, 6, .. jpeg[^2..]]);
        ProgramResult extract = Run(["extract", "tree", "-out", "f.npy", .. Net]);
        Assert.That(extract.ExitCode, Is.Zero, extract.Errors);
        Assert.That(extract.Errors, Does.Not.Contain("libpng"));
        string[] lines = [.. extract.Errors.Split('\n').Where(line => line.Contains("JPEG", StringComparison.Ordinal))];
        Assert.That(lines, Has.Length.EqualTo(1));
        Assert.That(lines[0], Does.StartWith("W").And.Match(
            @"image 'tree/Bo/3\.jpg' of \d+ bytes: Corrupt JPEG data: \d extraneous bytes before marker 0xd9: parts of the image may be wrong$"));
    }

    // A net wide enough that its sums may be added in another order in another batch.
    [TestCase(2)]
    [TestCase(8)]
    public void FeaturesDoNotDependOnPicturesThatFail(int batch)
    {
        File.WriteAllText(_folder["wide.prototxt"], """
            layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 1 dim: 1 dim: 16 dim: 16 } } }
            layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
              convolution_param { num_output: 64 kernel_size: 3 weight_filler { type: "xavier" } } }
            layer { name: "ip" type: "InnerProduct" bottom: "conv" top: "feature"
              inner_product_param { num_output: 32 weight_filler { type: "xavier" } } }
            """);
        ProtoFiles.WriteNetBinary(_folder["none.caffemodel"],
            new NetParameter { Layer = { new LayerParameter { Name = "other", Type = "Scale" } } });
        for (int i = 0; i < 7; i++)
        {
            using Mat image = new(16, 16, MatType.CV_8UC1);
            for (int y = 0; y < 16; y++)
                for (int x = 0; x < 16; x++) image.Set(y, x, (byte)((x * (37 + i)) ^ (y * 91)));
            Directory.CreateDirectory(_folder["wide"]);
            image.ImWrite(_folder[$"wide/{i}.png"]);
        }
        float[] Features(string output, int exitCode)
        {
            ProgramResult extract = Run("extract", "wide", "-model", "wide.prototxt", "-weights", "none.caffemodel",
                "-allow_missing_weights",
                "-out", output, "-batch", batch.ToString(CultureInfo.InvariantCulture));
            Assert.That(extract.ExitCode, Is.EqualTo(exitCode), extract.Errors);
            return NpyFile.Read(_folder[output]).Values;
        }

        float[] alone = Features("alone.npy", 0);
        File.WriteAllText(_folder["wide/00.png"], "no picture");
        File.WriteAllText(_folder["wide/3a.png"], "");
        Assert.That(Features("beside.npy", 3), Is.EqualTo(alone));
        Assert.That(File.ReadAllLines(_folder["beside.npy.failed.tsv"]).Select(line => line.Split('\t')[0]),
            Is.EqualTo(["00.png", "3a.png"]));
        Assert.That(File.ReadAllLines(_folder["beside.txt"]), Has.Length.EqualTo(7));
        // The last batch is as large as the others.
        if (batch > 2) return;
        for (int i = 1; i < 7; i += 2) File.Delete(_folder[$"wide/{i}.png"]);
        float[] fewer = Features("fewer.npy", 3);
        for (int i = 0; i < 4; i++)
            Assert.That(fewer.AsSpan(i * 32, 32).ToArray(), Is.EqualTo(alone.AsSpan(i * 2 * 32, 32).ToArray()));
    }

    [TestCase("none", new float[] { 2, 4, 6 })]
    [TestCase("concat", new float[] { 2, 4, 6, 6, 4, 2 })]
    [TestCase("average", new float[] { 4, 4, 4 })]
    [TestCase("sum", new float[] { 8, 8, 8 })]
    public void MirroredPicture(string mirror, float[] expected)
    {
        ProgramResult extract = Run(["extract", "tree/Ann/1.png", "-out", "f.npy", "-mirror", mirror, .. Net]);
        Assert.That(extract.ExitCode, Is.Zero, extract.Errors);
        (Shape shape, float[] values) = NpyFile.Read(_folder["f.npy"]);
        Assert.That(shape, Is.EqualTo(new Shape(1, expected.Length)));
        Assert.That(values, Is.EqualTo(expected));
    }

    [TestCase("f.npy")]
    [TestCase("f.npz")]
    [TestCase("f.csv")]
    [TestCase("f.h5")]
    [TestCase("f_lmdb")]
    public void FeaturesAreReplacedWhereThatIsAskedFor(string output)
    {
        Assert.That(Run(["extract", "tree", "-out", output, .. Net]).ExitCode, Is.Zero);
        ProgramResult again = Run(["extract", "tree/Ann/1.png", "-out", output, .. Net]);
        Assert.That((again.ExitCode, again.LastError), Is.EqualTo((1,
            $"atl extract: {output}: features of this name are there already, expected a new name, or -overwrite to "
                + "replace them")));
        ProgramResult replaced = Run(["extract", "tree", "-out", output, "-overwrite", "-mirror", "concat", .. Net]);
        Assert.That(replaced.ExitCode, Is.Zero, replaced.Errors);
        Assert.That(Run("verify", output, "-all").Output, Does.Contain($"{output}: 4 features of 6 values"));
    }

    [Test]
    public void OverwriteReplacesNothingElse()
    {
        Directory.CreateDirectory(_folder["folder"]);
        File.WriteAllText(_folder["folder/mine.txt"], "mine");
        ProgramResult folder = Run(["extract", "tree", "-out", "folder", "-overwrite", .. Net]);
        Assert.That((folder.ExitCode,
            folder.LastError.Contains("folder: a folder with files is there already", StringComparison.Ordinal)),
            Is.EqualTo((1, true)), folder.Errors);
        Assert.That(File.ReadAllText(_folder["folder/mine.txt"]), Is.EqualTo("mine"));
        Assert.That(Run("import", "tree", "-out", "db").ExitCode, Is.Zero);
        Assert.That(Run(["extract", "db", "-out", "db", "-overwrite", .. Net]).LastError,
            Does.Contain("db: the features would be written over the images, expected another name"));
        Assert.That(Run(["extract", "db", "-out", "f.npy", .. Net]).ExitCode, Is.Zero, "the images are there still");
    }

    [TestCase(".mat")]
    [TestCase(".txt")]
    [TestCase(".hdf")]
    [TestCase(".NPYX")]
    public void AnEndingThatIsNotWrittenIsRefused(string ending)
    {
        ProgramResult result = Run(["extract", "tree", "-out", "f" + ending, .. Net]);
        Assert.That((result.ExitCode, result.LastError),
            Is.EqualTo((1, $"atl extract: f{ending}: features are not written as '{ending}', "
            + "expected .npy, .npz, .csv, .h5 or .hdf5, or a name without an ending for an LMDB")));
        Assert.That(Directory.GetFileSystemEntries(_folder.FullName).Select(Path.GetFileName),
            Is.EquivalentTo(["net.prototxt", "net.caffemodel", "tree"]));
    }

    [Test]
    public void TextHoldsEveryBitOfAFloat()
    {
        string[] odd = [.. Net[..^1], "0.1"];
        foreach (string file in new[] { "f.npy", "f.csv", "f.npz" })
            Assert.That(Run(["extract", "tree", "-out", file, .. odd]).ExitCode, Is.Zero);
        float[] values = NpyFile.Read(_folder["f.npy"]).Values;
        string[] lines = File.ReadAllLines(_folder["f.csv"]);
        Assert.That(lines[0], Is.EqualTo("name,v1,v2,v3"));
        Assert.That(lines[1..].Select(line => line.Split(',')[0]),
            Is.EqualTo(["Ann/1.png", "Ann/2.png", "Bo/1.png", "Bo/2.png"]));
        Assert.That(lines[1..].SelectMany(line => line.Split(',')[1..])
            .Select(text => float.Parse(text, CultureInfo.InvariantCulture)), Is.EqualTo(values));
        using NpzFile archive = new(_folder["f.npz"]);
        Assert.That(archive.Names, Is.EqualTo(["features", "names"]));
        Assert.That(archive.ReadText("names"), Is.EqualTo(["Ann/1.png", "Ann/2.png", "Bo/1.png", "Bo/2.png"]));
        using NpyReader features = archive.Open("features");
        float[] read = new float[features.Shape.Count];
        features.Read(0, read);
        Assert.That((features.Shape, values.SequenceEqual(read)), Is.EqualTo((new Shape(4, 3), true)));
    }

    [Test]
    public void InsightfacesSetsBringTheirPairsAlong()
    {
        string[] images = ["tree/Ann/1.png", "tree/Ann/2.png", "tree/Ann/1.png", "tree/Bo/1.png", "tree/Bo/1.png",
            "tree/Bo/2.png"];
        // Python 3's protocol 3: lists of bytes with their lengths, and of truth values.
        List<byte> pickle = [0x80, 3, (byte)']', (byte)'('];
        foreach (byte[] image in images.Select(image => File.ReadAllBytes(_folder[image])))
            pickle.AddRange([(byte)'B', .. BitConverter.GetBytes(image.Length), .. image]);
        pickle.AddRange([(byte)'e', (byte)']', (byte)'(', 0x88, 0x89, 0x88, (byte)'e', 0x86, (byte)'.']);
        File.WriteAllBytes(_folder["set.bin"], [.. pickle]);
        ProgramResult extract = Run(["extract", "set.bin", "-out", "f.npy", "-mirror", "concat", .. Net]);
        Assert.That(extract.ExitCode, Is.Zero, extract.Errors);
        Assert.That(extract.Errors,
            Does.Contain("f.npy: 6 features of 6 values, names in f.txt").And.Contain(
            "f.pairs.txt: the pairs, for atl verify -pairs"));
        Assert.That(File.ReadAllLines(_folder["f.pairs.txt"]), Is.EqualTo(["0\t1\t1\t0", "2\t3\t0\t1", "4\t5\t1\t2"]));
        ProgramResult verify =
            Run("verify", "f.npy", "-pairs", "f.pairs.txt", "-insightface", "-add_halves", "-folds", "3");
        Assert.That(verify.ExitCode, Is.Zero, verify.Errors);
        Assert.That(verify.Output,
            Does.Contain("2 genuine and 1 impostor pairs scored").And.Contain("3-fold accuracy of insightface"));
        // The sum of a row and its mirror image is [8, 8, 8] or [10, 8, 10] of Ann, [18, 4, 18] or [16, 4, 16] of Bo.
        Assert.That(Run(["extract", "set.bin", "-out", "sum.npy", "-mirror", "sum", .. Net]).ExitCode, Is.Zero);
        Assert.That(NpyFile.Read(_folder["sum.npy"]).Values[..6], Is.EqualTo(new float[] { 8, 8, 8, 10, 8, 10 }));
        File.Delete(_folder["f.npy"]);
        Assert.That(Run(["extract", "set.bin", "-out", "f.npy", .. Net]).LastError,
            Does.Contain("f.pairs.txt: the pairs would be written over this file"));
        Assert.That(Run(["extract", "set.bin", "tree", "-out", "g.npy", .. Net]).LastError,
            Does.Contain("set.bin: an insightface verification set beside other"));
        Assert.That(Run("verify", "set.bin", "-all").LastError,
            Does.Contain("run atl extract, which also writes the list of pairs"));
        Assert.That(Run("import", "set.bin", "-out", "db").LastError,
            Does.Contain("run atl extract, which also writes the list of pairs"));
    }

    [TestCase("m.bin", new byte[] { 1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 0, 0, 128, 63 },
        "one feature in MegaFace's format")]
    [TestCase("m.tar.gz", new byte[] { 0x1F, 0x8B, 8, 0 }, "a compressed tar archive: unpack it first (tar xzf)")]
    [TestCase("m.zip", new byte[] { 0x50, 0x4B, 3, 4 }, "a zip archive: unpack it first")]
    [TestCase("m.tsv", new byte[] { 0x6D, 0x2E }, "like MS-Celeb-1M: write each image to PERSON/IMAGE.jpg")]
    [TestCase("m.rec", new byte[] { 0x0A, 0x23, 0xD7, 0xCE }, "atl import writes an LMDB of it")]
    [TestCase("m.npy", new byte[] { 0x93, 0x4E, 0x55, 0x4D }, "an array of numbers, such as features")]
    public void OtherSetsThatPeopleHaveAreKnown(string file, byte[] content, string message)
    {
        File.WriteAllBytes(_folder[file], content);
        ProgramResult result = Run(["extract", file, "-out", "f.npy", .. Net]);
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.LastError, Does.Contain($"{file}: ").And.Contain(message));
    }

    [Test]
    public void RecordsKeepTheirOrderAndLabels()
    {
        Assert.That(Run("import", "tree", "-out", "db", "-order", "kept").ExitCode, Is.Zero);
        ProgramResult extract = Run(["extract", "db", "-out", "f.npy", .. Net]);
        Assert.That(extract.ExitCode, Is.Zero, extract.Errors);
        Assert.That(File.ReadAllLines(_folder["f.txt"]),
            Is.EqualTo(["Ann/1.png\t0", "Ann/2.png\t0", "Bo/1.png\t1", "Bo/2.png\t1"]));
        Assert.That(NpyFile.Read(_folder["f.npy"]).Values[9..], Is.EqualTo(new float[] { 16, 2, 0 }));
    }

    [Test]
    public void ImagesWithoutAFeatureAreListed()
    {
        File.WriteAllText(_folder["tree/Ann/0.png"], "no image");
        Picture("tree/Bo/wide.png", 1, 2, 3, 4);
        ProgramResult extract = Run(["extract", "tree", "-out", "f.npy", .. Net]);
        Assert.That(extract.ExitCode, Is.EqualTo(3), extract.Errors);
        Assert.That(extract.LastError, Does.Contain("2 of 6 images without a feature: f.npy.failed.tsv says why"));
        string[] failed = File.ReadAllLines(_folder["f.npy.failed.tsv"]);
        Assert.That(failed[0], Does.StartWith("Ann/0.png\timage"));
        Assert.That(failed[1],
            Is.EqualTo("Bo/wide.png\tan image of 1×1×4 (channels×height×width), the net's input is 1×1×3"));
        Assert.That(NpyFile.Read(_folder["f.npy"]).Shape, Is.EqualTo(new Shape(4, 3)));
        foreach (string fit in new[] { "crop", "resize" })
            Assert.That(Run(["extract", "tree/Bo", "-out", $"{fit}.npy", "-fit", fit, .. Net]).ExitCode, Is.Zero, fit);
        Assert.That(NpyFile.Read(_folder["crop.npy"]).Values[^3..], Is.EqualTo(new float[] { 2, 4, 6 }));
    }

    [Test]
    public void AListIsNotWrittenOverByTheNamesOfItsFeatures()
    {
        File.WriteAllText(_folder["list.txt"], "tree/Ann/1.png\n");
        ProgramResult result = Run(["extract", "list.txt", "-out", "list.npy", .. Net]);
        Assert.That((result.ExitCode, result.LastError), Is.EqualTo((1,
            "atl extract: list.txt: the names of the features in list.npy would be written over this list, expected "
                + "another name for either")));
        Assert.That(File.ReadAllText(_folder["list.txt"]), Is.EqualTo("tree/Ann/1.png\n"));
        Assert.That(File.Exists(_folder["list.npy"]), Is.False);
    }

    [Test]
    public void WeightsThatDoNotBelongToTheNetAreAnErrorUnlessAllowed()
    {
        string net = File.ReadAllText(_folder["net.prototxt"]);
        File.WriteAllText(_folder["net.prototxt"],
            net.Replace("\"conv\" type", "\"conv1\" type", StringComparison.Ordinal));
        ProgramResult refused = Run(["extract", "tree", "-out", "f.npy", .. Net]);
        Assert.That((refused.ExitCode, File.Exists(_folder["f.npy"])), Is.EqualTo((1, false)), refused.Errors);
        Assert.That(refused.LastError,
            Does.Contain("net.caffemodel: the weights have none for layer 'conv1' (did you mean 'conv'?)"));
        ProgramResult allowed = Run(["extract", "tree", "-out", "f.npy", "-allow_missing_weights", .. Net]);
        Assert.That(allowed.ExitCode, Is.Zero, allowed.Errors);
        Assert.That(allowed.Errors, Does.Contain("the weights have none for layer 'conv1'")
            .And.Contain("features of all 4 images are all zeros, the first of 'Ann/1.png'; check that the weights "
                + "belong to the net"));
    }

    [TestCase(2, "extract takes -mean_value or -mean_file", "-mean_file", "m")]
    [TestCase(2, "flag '-batch' is '0', expected 1 or more", "-batch", "0")]
    [TestCase(2, "flag '-mean_value' is '1,x', expected numbers", "-mean_value", "1,x")]
    [TestCase(1, "net 'twice' has no blob 'fc5'", "-blob", "fc5")]
    [TestCase(1, "mean_value", "-mean_value", "1,2")]
    public void BadCommandLines(int code, string expected, params string[] arguments)
    {
        ProgramResult result = Run(["extract", "tree", "-out", "f.npy", .. Net, .. arguments]);
        Assert.That(result.ExitCode, Is.EqualTo(code), result.Errors);
        Assert.That(result.Errors, Does.Contain(expected));
        Assert.That(File.Exists(_folder["f.npy"]), Is.False);
    }

    [Test]
    public void AFileOfTheUsersIsNotReplacedByTheNames()
    {
        File.WriteAllText(_folder["f.txt"], "mine\n");
        ProgramResult refused = Run(["extract", "tree", "-out", "f.npy", .. Net]);
        Assert.That((refused.ExitCode, refused.LastError), Is.EqualTo((1,
            "atl extract: f.txt: the names of the features in f.npy would be written over this file, expected "
                + "another -out, or -overwrite to replace it")));
        Assert.That(File.ReadAllText(_folder["f.txt"]), Is.EqualTo("mine\n"));
        Assert.That(File.Exists(_folder["f.npy"]), Is.False);
        Assert.That(Run(["extract", "tree", "-out", "f.npy", "-overwrite", .. Net]).ExitCode, Is.Zero);
        Assert.That(Run(["extract", "tree", "-out", "f.csv", .. Net]).ExitCode, Is.Zero,
            "the same images have the same names");
        ProgramResult other = Run(["extract", "tree/Ann", "-out", "f.npy", "-overwrite", .. Net]);
        Assert.That((other.ExitCode, other.LastError), Is.EqualTo((1,
            "atl extract: f.txt: has the names of the features in f.csv, whose images differ from f.npy's; expected "
                + "another -out")));
        Assert.That(File.ReadAllLines(_folder["f.txt"]), Has.Length.EqualTo(4));
    }

    private ProgramResult Run(params string[] arguments) => AtlProgram.Run(_folder.FullName, arguments);

    private void Picture(string name, params byte[] row)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        using Mat mat = new(1, row.Length, MatType.CV_8UC1);
        mat.SetArray(row);
        mat.SaveImage(_folder[name]);
    }
}
