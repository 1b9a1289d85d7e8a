using Atl.Data;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Commands;

/// <summary>The commands that run a net without training it: test, time, run.</summary>
public sealed class NetCommandTests : FolderFixture
{
    private const string Net = """
        name: "sum"
        force_backward: true
        layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 3 dim: 2 } } }
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip"
          inner_product_param { num_output: 1 weight_filler { value: 3 } bias_filler { value: 1 } } }
        layer { name: "target" type: "DummyData" top: "target" dummy_data_param { shape { dim: 3 dim: 1 } } }
        layer { name: "loss" type: "EuclideanLoss" bottom: "ip" bottom: "target" top: "loss" include { phase: TRAIN } }
        """;

    [SetUp]
    public void WriteNet()
    {
        File.WriteAllText(_folder["net.prototxt"], Net);
        Blob input = new(new Shape(3, 2));
        input.Data.CopyFrom([1, 2, 3, 4, 5, 6]);
        NpyFile.Write(_folder["in.npy"], input.Data);
    }

    [Test]
    public void RunFeedsAndWritesBlobs()
    {
        Blob more = new(new Shape(4, 2));
        more.Data.Fill(1);
        NpyFile.Write(_folder["four.npy"], more.Data);
        ProgramResult result = Run("run", "-model", "net.prototxt", "-input", "data=four.npy", "-blobs", "ip", "-out",
            "blobs");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        (Shape shape, float[] values) = NpyFile.Read(_folder["blobs/ip.npy"]);
        Assert.That(shape, Is.EqualTo(new Shape(4, 1)), "the input takes the file's shape");
        Assert.That(values, Is.All.EqualTo(7));
        Assert.That(result.Output, Is.EqualTo($"ip\t4 1\t{Path.Combine("blobs", "ip.npy")}{Environment.NewLine}"));
        Assert.That(Directory.GetFiles(_folder["blobs"]), Has.Length.EqualTo(1));
    }

    [Test]
    public void RunWritesGradients()
    {
        ProgramResult result = Run("run", "-model", "net.prototxt", "-phase", "TRAIN", "-input", "data=in.npy",
            "-diffs", "-out", "blobs");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(NpyFile.Read(_folder["blobs/ip.diff.npy"]).Values, Is.EqualTo([10f / 3, 22f / 3, 34f / 3])
            .Within(1e-5));
        Assert.That(NpyFile.Read(_folder["blobs/data.diff.npy"]).Values, Is.EqualTo([10f, 10, 22, 22, 34, 34])
            .Within(1e-5));
        Assert.That(NpyFile.Read(_folder["blobs/ip.param0.diff.npy"]).Values, Is.EqualTo([82f, 104]).Within(1e-4));
        Assert.That(NpyFile.Read(_folder["blobs/loss.npy"]).Values[0], Is.EqualTo((100 + 484 + 1156) / 6f)
            .Within(1e-3));
    }

    [Test]
    public void RunWritesNoControlCharacterIntoAName()
    {
        File.WriteAllText(_folder["names.prototxt"], """
            layer { name: "x" type: "Input" top: "line\nend\ttab" input_param { shape { dim: 3 dim: 2 } } }
            """);
        ProgramResult result = Run("run", "-model", "names.prototxt", "-out", "blobs");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(Directory.GetFiles(_folder["blobs"]).Select(Path.GetFileName), Is.EqualTo(["line_end_tab.npy"]));
        Assert.That(result.Output.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [TestCase("a/b", "a_b", "'a/b' and 'a_b' would both be written to a_b.npy")]
    [TestCase("ip", "ip.diff", "'ip.diff' and 'ip.diff' would both be written to ip.diff.npy")]
    [TestCase("in", "in.param0.diff", "'in.param0.diff' and 'in.param0.diff' would both be written to")]
    public void RunWritesNoFileOverAnother(string first, string second, string message)
    {
        File.WriteAllText(_folder["names.prototxt"], $$"""
            force_backward: true
            layer { name: "x" type: "Input" top: "data" input_param { shape { dim: 3 dim: 2 } } }
            layer { name: "in" type: "Scale" bottom: "data" top: "{{first}}" }
            layer { name: "out" type: "Power" bottom: "{{first}}" top: "{{second}}" loss_weight: 1 }
            """);
        ProgramResult result = Run("run", "-model", "names.prototxt", "-phase", "TRAIN", "-diffs", "-out", "blobs");
        Assert.That((result.ExitCode, Directory.Exists(_folder["blobs"])), Is.EqualTo((1, false)));
        Assert.That(result.Errors, Does.Contain(message));
        Assert.That(Run("run", "-model", "names.prototxt", "-phase", "TRAIN", "-diffs", "-blobs", "data", "-out",
            "blobs").ExitCode, Is.Zero);
    }

    [Test]
    public void RunWritesEveryLossThatHasNoTop()
    {
        const string Loss = """layer { name: "loss" type: "EuclideanLoss" bottom: "ip" bottom: "target" }""";
        File.WriteAllText(_folder["losses.prototxt"], Net.Replace("top: \"loss\"", "", StringComparison.Ordinal) + "\n"
            + Loss.Replace("loss\"", "second\" loss_weight: 2", StringComparison.Ordinal));
        ProgramResult result = Run("run", "-model", "losses.prototxt", "-phase", "TRAIN", "-input", "data=in.npy",
            "-diffs", "-out", "blobs");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        float[] first = NpyFile.Read(_folder["blobs/(automatic).npy"]).Values,
            second = NpyFile.Read(_folder["blobs/(automatic)_2.npy"]).Values;
        Assert.That(second, Is.EqualTo(first));
        Assert.That(NpyFile.Read(_folder["blobs/(automatic)_2.diff.npy"]).Values, Is.EqualTo([2f]));
    }

    [TestCase("the net has no input blob 'dta', did you mean 'data'?; it has data", "-input", "dta=in.npy")]
    [TestCase("absent.npy: no such file, expected a NumPy array (.npy)", "-input", "data=absent.npy")]
    [TestCase("net.prototxt: not a NumPy array file (.npy)", "-input", "data=net.prototxt")]
    [TestCase("the net has no blob 'ipp', did you mean 'ip'?", "-blobs", "ipp")]
    public void RunNamesWhatDoesNotFit(string message, params string[] arguments)
    {
        ProgramResult result = Run(["run", "-model", "net.prototxt", "-out", "blobs", .. arguments]);
        Assert.That((result.ExitCode, result.LastError), Is.EqualTo((1, "atl run: " + message)));
    }

    [TestCase("test", "-model", "net.prototxt", "-weights", ",")]
    [TestCase("train", "-solver", "solver.prototxt", "-weights", " , ")]
    public void WeightsThatNameNoFileAreRefused(params string[] arguments)
    {
        File.WriteAllText(_folder["solver.prototxt"],
            "net: 'net.prototxt' base_lr: 0.1 lr_policy: 'fixed' max_iter: 1");
        ProgramResult result = Run(arguments);
        Assert.That((result.ExitCode, result.LastError), Is.EqualTo((2,
            $"atl: flag '-weights' is '{arguments[^1]}', expected a file, or several separated by commas")));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.TimeLines)]
    public void TimePrintsCaffesLines()
    {
        ProgramResult result = Run("time", "-model", "net.prototxt", "-phase", "TEST", "-iterations", "3");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        foreach (string pattern in new[]
                 {
                     @"\] \*\*\* Benchmark begins \*\*\*", @"\] Testing for 3 iterations\.",
                     @"\] Iteration: 3 forward-backward time: [\d.E-]+ ms\.",
                         @"\] Average time per layer: ",
                     @"\]         ip\tforward: [\d.E-]+ ms\.", @"\]         ip\tbackward: [\d.E-]+ ms\.",
                     @"\] Average Forward pass: [\d.E-]+ ms\.",
                     @"\] Average Backward pass: [\d.E-]+ ms\.", @"\] Average Forward-Backward: [\d.E-]+ ms\.",
                     @"\] Total Time: [\d.E-]+ ms\.",
                         @"\] \*\*\* Benchmark ends \*\*\*",
                 })
            Assert.That(result.Errors, Does.Match(pattern));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.TestLines)]
    public void TestAveragesTheOutputs()
    {
        File.WriteAllText(_folder["solver.prototxt"],
            "net: 'scored.prototxt' base_lr: 0 lr_policy: 'fixed' max_iter: 1 snapshot_prefix: 'w'");
        File.WriteAllText(_folder["scored.prototxt"], """
            name: "scored"
            layer { name: "data" type: "DummyData" top: "data" top: "label"
              dummy_data_param { shape { dim: 2 dim: 2 } shape { dim: 2 } data_filler { value: 1 } data_filler { } } }
            layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 2 } }
            layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
            """);
        Assert.That(Run("train", "-solver", "solver.prototxt").ExitCode, Is.Zero);
        ProgramResult result = Run("test", "-model", "scored.prototxt", "-weights", "w_iter_1.caffemodel",
            "-iterations", "2");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Errors,
            Does.Match(@"\] Running for 2 iterations\.").And.Match(@"\] Batch 1, loss = 0\.693147").And.Match(
                @"\] Loss: 0\.693147")
            .And.Match(@"\] loss = 0\.693147 \(\* 1 = 0\.693147 loss\)"));
    }

    private ProgramResult Run(params string[] arguments) => AtlProgram.Run(_folder.FullName, arguments);
}
