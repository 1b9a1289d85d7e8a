using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Cli.Tests;

/// <summary>extract as a user calls it, and what verify makes of its files.</summary>
public sealed class ExtractCommandTests : FolderFixture
{
    private static readonly string[] Net = ["-model", "net.prototxt", "-weights", "net.caffemodel", "-mean_value", "0", "-scale", "1"];

    [SetUp]
    public void MakeInputs()
    {
        // The feature is the picture itself, by a 1×1 convolution of weight 2.
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
    [TestCase("f_lmdb", "f_lmdb.txt")]
    public void FeaturesGoOnToVerify(string output, string names)
    {
        ProgramResult extract = Run(["extract", "tree", "-out", output, "-batch", "3", .. Net]);
        Assert.That(extract.ExitCode, Is.Zero, extract.Errors);
        Assert.That(extract.Errors, Does.Contain($"{output}: 4 features of 3 values, names in {names}"));
        Assert.That(File.ReadAllLines(_folder[names]), Is.EqualTo(["Ann/1.png\t0", "Ann/2.png\t0", "Bo/1.png\t1", "Bo/2.png\t1"]));
        ProgramResult verify = Run("verify", output, "-all", "-far", "0.25");
        Assert.That(verify.ExitCode, Is.Zero, verify.Errors);
        Assert.That(verify.Output, Does.Contain("all pairs of 2 people: 2 genuine and 4 impostor pairs scored, 0 not").And.Match(@"area under ROC +1\.000000"));
    }

    [TestCase("none", new float[] { 2, 4, 6 })]
    [TestCase("concat", new float[] { 2, 4, 6, 6, 4, 2 })]
    [TestCase("average", new float[] { 4, 4, 4 })]
    public void MirroredPicture(string mirror, float[] expected)
    {
        ProgramResult extract = Run(["extract", "tree/Ann/1.png", "-out", "f.npy", "-mirror", mirror, .. Net]);
        Assert.That(extract.ExitCode, Is.Zero, extract.Errors);
        (Shape shape, float[] values) = NpyFile.Read(_folder["f.npy"]);
        Assert.That(shape, Is.EqualTo(new Shape(1, expected.Length)));
        Assert.That(values, Is.EqualTo(expected));
        ProgramResult again = Run(["extract", "tree/Ann/1.png", "-out", "f.npy", .. Net]);
        Assert.That((again.ExitCode, again.LastError.Contains("f.npy: a file of this name is there already")), Is.EqualTo((1, true)), again.Errors);
    }

    [Test]
    public void RecordsKeepTheirOrderAndLabels()
    {
        Assert.That(Run("import", "tree", "-out", "db", "-order", "kept").ExitCode, Is.Zero);
        ProgramResult extract = Run(["extract", "db", "-out", "f.npy", .. Net]);
        Assert.That(extract.ExitCode, Is.Zero, extract.Errors);
        Assert.That(File.ReadAllLines(_folder["f.txt"]), Is.EqualTo(["Ann/1.png\t0", "Ann/2.png\t0", "Bo/1.png\t1", "Bo/2.png\t1"]));
        Assert.That(NpyFile.Read(_folder["f.npy"]).Values[9..], Is.EqualTo(new float[] { 16, 2, 0 }));
    }

    [Test]
    public void ImagesWithoutAFeatureAreListed()
    {
        File.WriteAllText(_folder["tree/Ann/0.png"], "no image");
        Picture("tree/Bo/wide.png", 1, 2, 3, 4);
        ProgramResult extract = Run(["extract", "tree", "-out", "f.npy", .. Net]);
        Assert.That(extract.ExitCode, Is.EqualTo(3), extract.Errors);
        Assert.That(extract.LastError, Does.Contain("2 of 6 images have no feature: f.npy.failed.tsv says why"));
        string[] failed = File.ReadAllLines(_folder["f.npy.failed.tsv"]);
        Assert.That(failed[0], Does.StartWith("Ann/0.png\timage"));
        Assert.That(failed[1], Is.EqualTo("Bo/wide.png\ta picture of 1×1×4 (channels×height×width), the net's input is 1×1×3"));
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
            "atl extract: list.txt: the names of the features in list.npy would be written over this list, expected another name for either")));
        Assert.That(File.ReadAllText(_folder["list.txt"]), Is.EqualTo("tree/Ann/1.png\n"));
        Assert.That(File.Exists(_folder["list.npy"]), Is.False);
    }

    [Test]
    public void WeightsThatDoNotBelongToTheNetAreAnErrorUnlessAllowed()
    {
        string net = File.ReadAllText(_folder["net.prototxt"]);
        File.WriteAllText(_folder["net.prototxt"], net.Replace("\"conv\" type", "\"conv1\" type", StringComparison.Ordinal));
        ProgramResult refused = Run(["extract", "tree", "-out", "f.npy", .. Net]);
        Assert.That((refused.ExitCode, File.Exists(_folder["f.npy"])), Is.EqualTo((1, false)), refused.Errors);
        Assert.That(refused.LastError, Does.Contain("net.caffemodel: the weights have none for layer 'conv1' (did you mean 'conv'?)"));
        ProgramResult allowed = Run(["extract", "tree", "-out", "f.npy", "-allow_missing_weights", .. Net]);
        Assert.That(allowed.ExitCode, Is.Zero, allowed.Errors);
        Assert.That(allowed.Errors, Does.Contain("the weights have none for layer 'conv1'")
            .And.Contain("features of all 4 images are all zeros, the first of 'Ann/1.png'; check that the weights belong to the net"));
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

    private ProgramResult Run(params string[] arguments) => AtlProgram.Run(_folder.FullName, arguments);

    private void Picture(string name, params byte[] row)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        using Mat mat = new(1, row.Length, MatType.CV_8UC1);
        mat.SetArray(row);
        mat.SaveImage(_folder[name]);
    }
}
