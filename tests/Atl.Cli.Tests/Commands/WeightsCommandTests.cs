using System.Runtime.InteropServices;
using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;
using Google.Protobuf;

namespace Atl.Cli.Tests.Commands;

/// <summary>
/// Weights that do not belong to a net, and weights in other Caffes' formats, through every command that takes them.
/// </summary>
public sealed class WeightsCommandTests : FolderFixture
{
    private const string Missing = "w.caffemodel: the weights have none for layer 'fc5_typo' (did you mean 'fc5_tpo'?) "
        + "(1 of the net's 2 layers with parameters), left at the fillers' values";

    [SetUp]
    public void MakeInputs()
    {
        File.WriteAllText(_folder["net.prototxt"], """
            name: "n"
            layer { name: "in" type: "DummyData" top: "data" dummy_data_param { shape { dim: 4 dim: 3 } data_filler { type: "uniform" } } }
            layer { name: "a" type: "InnerProduct" bottom: "data" top: "a" inner_product_param { num_output: 3 bias_term: false } }
            layer { name: "fc5_typo" type: "InnerProduct" bottom: "a" top: "feature" inner_product_param { num_output: 3 bias_term: false } }
            layer { name: "loss" type: "EuclideanLoss" bottom: "feature" bottom: "data" top: "loss" }
            """);
        ProtoFiles.WriteNetBinary(_folder["w.caffemodel"],
            new NetParameter { Layer = { Layer("a"), Layer("fc5_tpo") } });
        ProtoFiles.WriteNetBinary(_folder["more.caffemodel"], new NetParameter { Layer = { Layer("fc5_typo") } });
        File.WriteAllText(_folder["solver.prototxt"],
            "net: 'net.prototxt' base_lr: 0 lr_policy: 'fixed' max_iter: 1 snapshot_after_train: false");
        File.WriteAllText(_folder["named.prototxt"], File.ReadAllText(_folder["solver.prototxt"])
            + " weights: 'w.caffemodel'");
    }

    [TestCase("test", "-model", "net.prototxt", "-weights", "w.caffemodel", "-iterations", "1")]
    [TestCase("time", "-model", "net.prototxt", "-weights", "w.caffemodel", "-iterations", "1")]
    [TestCase("train", "-solver", "solver.prototxt", "-weights", "w.caffemodel")]
    [TestCase("train", "-solver", "named.prototxt")]
    [TestCase("extract_features", "w.caffemodel", "net.prototxt", "feature", "f.npy", "1", "npy")]
    [TestCase("run", "-model", "net.prototxt", "-weights", "w.caffemodel", "-out", "o", "-allow_missing_weights")]
    public void CaffesCommandsWarnOnceAndGoOn(params string[] arguments)
    {
        ProgramResult result = Run(arguments);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Errors.Split('\n').Where(line => line.Contains(Missing, StringComparison.Ordinal)).Count(),
            Is.EqualTo(1), result.Errors);
    }

    [TestCase("run", "-model", "net.prototxt", "-weights", "w.caffemodel", "-out", "o")]
    public void OurCommandsEndWithAnError(params string[] arguments)
    {
        ProgramResult result = Run(arguments);
        Assert.That(result.ExitCode, Is.EqualTo(1), result.Errors);
        Assert.That(result.LastError,
            Is.EqualTo($"atl {arguments[0]}: {Missing}; the net lacks the weights' layers 'fc5_tpo'; give the weights "
                + "of this net, or allow missing ones to continue without (-allow_missing_weights; in a program "
                + "AllowMissingWeights)"));
    }

    // An empty blob stands for a parameter that another layer stores.
    [Test]
    public void DiffPassesOverBlobsWithoutAnything()
    {
        LayerParameter shares = Layer("a"), stores = Layer("a");
        shares.Blobs.Insert(0, new BlobProto());
        stores.Blobs.Insert(0, Layer("a").Blobs[0]);
        ProtoFiles.WriteNetBinary(_folder["shares.caffemodel"], new NetParameter { Layer = { shares } });
        ProtoFiles.WriteNetBinary(_folder["stores.caffemodel"], new NetParameter { Layer = { stores } });
        ProgramResult same = Run("diff", "shares.caffemodel", "shares.caffemodel"),
            other = Run("diff", "shares.caffemodel", "stores.caffemodel");
        Assert.That((same.ExitCode, same.Output.Count(c => c == '\n')), Is.EqualTo((0, 1)), same.Errors);
        Assert.That((other.ExitCode, other.LastError), Is.EqualTo(
            (1, "atl diff: shares.caffemodel and stores.caffemodel differ in 1 of 2 parameters")));
    }

    [Test]
    public void MissingMeansInNoneOfSeveralFiles()
    {
        ProgramResult result = Run("run", "-model", "net.prototxt", "-weights", "w.caffemodel,more.caffemodel",
            "-out", "o");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Errors, Does.Not.Contain("the weights have none"));
    }

    [Test]
    public void FeaturesOfZerosAreSaid()
    {
        ProgramResult result = Run("extract_features", "w.caffemodel", "net.prototxt", "feature,data", "f.npy,d.npy",
            "2", "npy");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Errors,
            Does.Contain("blob 'feature': features of all 8 rows are all zeros, the first of '0'; check that the "
                + "weights belong to")
            .And.Not.Contain("blob 'data'"));
    }

    [Test]
    public void WeightsOfNvidiasCaffeAreReadAndConverted()
    {
        BlobProto raw = new()
        {
            Shape = new BlobShape { Dim = { 3, 3 } },
            RawDataType = BlobProto.Types.RawType.Float16,
            RawData =
                ByteString.CopyFrom(MemoryMarshal.AsBytes(Values().Select(value => (Half)value).ToArray().AsSpan())),
        };
        NetParameter net = new() { Layer = { Layer("a"), new LayerParameter { Name = "fc5_typo", Blobs = { raw } } } };
        File.WriteAllBytes(_folder["nv.caffemodel"], net.ToByteArray());
        ProgramResult run = Run("run", "-model", "net.prototxt", "-weights", "nv.caffemodel", "-blobs", "data,feature",
            "-out", "o");
        Assert.That(run.ExitCode, Is.Zero, run.Errors);
        float[] feature = NpyFile.Read(_folder["o/feature.npy"]).Values;
        Assert.That(feature, Has.Some.Not.Zero);
        foreach (string to in new[] { "w.h5", "w.prototxt", "today.caffemodel" })
        {
            ProgramResult converted = Run("convert", "nv.caffemodel", to);
            Assert.That(converted.ExitCode, Is.Zero, converted.Errors);
            NetParameter read = to.EndsWith(".prototxt", StringComparison.Ordinal)
                ? ProtoFiles.ReadNet(_folder[to])
                : NetParameterOf(to);
            Assert.That(read.Layer.Single(layer => layer.Name == "fc5_typo").Blobs[0].Data, Is.EqualTo(Values()), to);
        }
        Assert.That(Run("diff", "nv.caffemodel", "today.caffemodel").ExitCode, Is.Zero);
        Assert.That(Run("diff", "nv.caffemodel", "w.caffemodel").ExitCode, Is.EqualTo(1));
        Assert.That(Run("upgrade_net_proto_binary", "nv.caffemodel", "up.caffemodel").ExitCode, Is.Zero);
        Assert.That(NetParameter.Parser.ParseFrom(File.ReadAllBytes(_folder["up.caffemodel"])),
            Is.EqualTo(NetParameter.Parser.ParseFrom(File.ReadAllBytes(_folder["today.caffemodel"]))));
    }

    [TestCase("convert", "bad.caffemodel", "to.h5")]
    [TestCase("convert", "bad.caffemodel", "to.prototxt")]
    [TestCase("convert", "bad.caffemodel", "to.caffemodel")]
    [TestCase("upgrade_net_proto_binary", "bad.caffemodel", "to.caffemodel")]
    [TestCase("diff", "bad.caffemodel", "bad.caffemodel")]
    public void WeightsThatAreGoneAreAnError(params string[] arguments)
    {
        LayerParameter gone = Layer("a");
        gone.Blobs[0].Data.Clear();
        File.WriteAllBytes(_folder["bad.caffemodel"], new NetParameter { Name = "n", Layer = { gone } }.ToByteArray());
        ProgramResult result = Run(arguments);
        Assert.That((result.ExitCode, result.LastError), Is.EqualTo((1,
            $"atl {arguments[0]}: bad.caffemodel: layer 'a': blobs[0].data holds 0 values, expected 9 for shape 3 3")),
            result.Errors);
        Assert.That(Directory.GetFiles(_folder.FullName, "to.*"), Is.Empty);
    }

    [Test]
    public void InputsWithoutDimsInWeightsAreIgnored()
    {
        NetParameter net = new() { Name = "n", Input = { "data" }, Layer = { Layer("a"), Layer("fc5_typo") } };
        File.WriteAllBytes(_folder["old.caffemodel"], net.ToByteArray());
        Assert.That(Run("run", "-model", "net.prototxt", "-weights", "old.caffemodel", "-out", "o").ExitCode, Is.Zero);
        Assert.That(Run("convert", "old.caffemodel", "old.h5").ExitCode, Is.Zero);
        Assert.That(Run("diff", "old.caffemodel", "old.h5").ExitCode, Is.Zero);
        Assert.That(Run("upgrade_net_proto_binary", "old.caffemodel", "new.caffemodel").ExitCode, Is.Zero);
        Assert.That(ProtoFiles.ReadNetBinary(_folder["new.caffemodel"]).Layer.Select(layer => layer.Name),
            Is.EqualTo(["a", "fc5_typo"]));
    }

    private NetParameter NetParameterOf(string file) => ProtoFiles.ReadNetBinary(_folder[file]);

    private static float[] Values() => [.. Enumerable.Range(0, 9).Select(i => i - 4.5f)];

    private static LayerParameter Layer(string name) =>
        new()
        {
            Name = name,
            Blobs = { new BlobProto { Shape = new BlobShape { Dim = { 3, 3 } }, Data = { Values() } } }
        };

    private ProgramResult Run(params string[] arguments) => AtlProgram.Run(_folder.FullName, arguments);
}
