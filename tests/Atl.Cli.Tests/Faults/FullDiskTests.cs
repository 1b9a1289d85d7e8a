using System.Diagnostics;
using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Cli.Tests.Faults;

/// <summary>
/// What commands leave on a full disk: nothing, and one line that says so. The disk is a small file system in memory,
/// which only root can mount.
/// </summary>
public sealed class FullDiskTests : FolderFixture
{
    private const string Disk = "disk", Filler = "filler";

    private bool _mounted;

    [SetUp]
    public void MakeInputs()
    {
        File.WriteAllText(_folder["net.prototxt"], """
            name: "twice"
            layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 1 dim: 1 dim: 4 dim: 4 } } }
            layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 1 kernel_size: 1 bias_term: false } }
            """);
        File.WriteAllText(_folder["drawn.prototxt"],
            "name: 'd' layer { name: 'd' type: 'DummyData' top: 'data' dummy_data_param { shape { dim: 2 } } }");
        BlobProto two = new() { Shape = new BlobShape { Dim = { 1, 1, 1, 1 } }, Data = { 2 } };
        ProtoFiles.WriteNetBinary(_folder["net.caffemodel"],
            new NetParameter
            {
                Layer =
                { new LayerParameter { Name = "conv", Type = "Convolution", Blobs = { two } } }
            });
        ProtoFiles.WriteBlob(_folder["mean.binaryproto"], two);
        foreach (string name in new[] { "tree/a/1.png", "tree/a/2.png", "tree/b/1.png", "tree/b/2.png" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
            using Mat mat = new(4, 4, MatType.CV_8UC1, new Scalar(name.Length + name[^5]));
            mat.Set(0, 0, (byte)name[5]);
            mat.SaveImage(_folder[name]);
        }
        FeatureFile.Create(_folder["f.csv"], "csv", writer =>
        {
            foreach ((string name, float x) in new[] { ("a/1", 1f), ("a/2", 2), ("b/1", -3),
                ("b/2", -2) }) writer.Append(new Shape(1, 2), [x, 1], name);
        });
        File.WriteAllText(_folder["run.log"], """
            I0210 10:00:00.000000  7 solver.cpp:280] Solving LeNet
            I0210 10:00:02.000000  7 solver.cpp:244] Iteration 0, loss = 2.25
            I0210 10:00:02.000000  7 solver.cpp:244]     Train net output #0: loss = 2.25 (* 1 = 2.25 loss)
            """);
        Directory.CreateDirectory(_folder["logs"]);
        File.Copy(_folder["run.log"], _folder["logs/run.log"]);
        Directory.CreateDirectory(_folder[Disk]);
        _mounted = OperatingSystem.IsLinux()
            && Succeeds("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", _folder[Disk]);
        if (!_mounted) Assert.Ignore("a small file system cannot be mounted here: it needs root");
    }

    [TearDown]
    public void Unmount()
    {
        if (_mounted) Assert.That(Succeeds("umount", _folder[Disk]));
    }

    [TestCase("f.npy", "extract tree -model net.prototxt -weights net.caffemodel -out disk/f.npy")]
    [TestCase("f.npz", "extract tree -model net.prototxt -weights net.caffemodel -out disk/f.npz")]
    [TestCase("f.csv", "extract tree -model net.prototxt -weights net.caffemodel -out disk/f.csv")]
    [TestCase("f.h5", "extract tree -model net.prototxt -weights net.caffemodel -out disk/f.h5")]
    [TestCase("f.leveldb", "extract tree -model net.prototxt -weights net.caffemodel -out disk/f.leveldb")]
    [TestCase("v.json", "verify f.csv -all -identity folder -json disk/v.json")]
    [TestCase("r.csv", "verify f.csv -all -identity folder -roc disk/r.csv")]
    [TestCase("page.html", "report logs -out disk/page.html")]
    [TestCase("run.log.train", "parse_log run.log disk")]
    [TestCase("c.png", "plot_training_log 6 disk/c.png run.log")]
    [TestCase("n.svg", "draw_net net.prototxt disk/n.svg")]
    [TestCase("m.npy", "convert mean.binaryproto disk/m.npy")]
    [TestCase("w.caffemodel.h5", "convert net.caffemodel disk/w.caffemodel.h5")]
    [TestCase("u.prototxt", "upgrade_net_proto_text net.prototxt disk/u.prototxt")]
    [TestCase("data.npy", "run -model drawn.prototxt -out disk")]
    public void NothingIsLeftAndOneLineSaysWhy(string file, string arguments)
    {
        Fill();
        ProgramResult result = AtlProgram.Run(_folder.FullName, arguments.Split(' '));
        Assert.That(result.ExitCode, Is.EqualTo(1), result.Output + result.Errors);
        Assert.That(result.LastError, Does.StartWith($"atl {arguments.Split(' ')[0]}: ").And.Contain($"disk/{file}"));
        Assert.That(result.Errors, Does.Not.Contain("an error of the program").And.Not.Contain("   at "));
        Assert.That(Directory.GetFileSystemEntries(_folder[Disk]).Select(Path.GetFileName), Is.EquivalentTo([Filler]));
    }

    [Test]
    public void FacesHaveTheirNameWhenAllImagesAreDone()
    {
        string models = TestData.Require("weights", "mtcnn");
        Fill();
        ProgramResult result = AtlProgram.Run(_folder.FullName, "detect", "tree", "-models", models, "-out",
            $"{Disk}/faces.jsonl");
        Assert.That(result.ExitCode, Is.EqualTo(1), result.Errors);
        Assert.That(result.LastError, Does.StartWith($"atl detect: {Disk}/faces.jsonl: "));
        Assert.That(Directory.GetFileSystemEntries(_folder[Disk]).Select(Path.GetFileName), Is.EquivalentTo([Filler]));
    }

    [TestCase(0)]
    [TestCase(12_000)]
    public void TrainingGoesOnWithoutItsLogItsPageAndItsEvents(int room)
    {
        File.WriteAllText(_folder["train.prototxt"], """
            name: "n"
            layer { name: "data" type: "DummyData" top: "data" top: "label" dummy_data_param { shape { dim: 2 dim: 3 } shape { dim: 2 } } }
            layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 2 } }
            layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
            """);
        File.WriteAllText(_folder["solver.prototxt"],
            "net: 'train.prototxt' base_lr: 0.1 lr_policy: 'fixed' max_iter: 200 display: 10 snapshot_prefix: 'n' "
                + "solver_mode: CPU");
        Fill(room);
        ProgramResult result = AtlProgram.Run(_folder.FullName,
            "train", "-solver", "solver.prototxt", "-run", $"{Disk}/run", "-tensorboard", $"{Disk}/events");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(File.Exists(_folder["n_iter_200.caffemodel"]));
        foreach (string what in new[] { "the run's log", "the report", "the event file" })
            Assert.That(result.Errors.Split('\n').Count(line =>
                line.Contains($"{what} cannot be written, training continues", StringComparison.Ordinal)),
                Is.LessThanOrEqualTo(1), $"{what}: {result.Errors}");
        Assert.That(result.Errors, Does.Contain("cannot be written, training continues"));
        string log = File.ReadAllText(_folder[$"{Disk}/run/{Face.Runs.RunLog.FileName}"]);
        Assert.That(log.Length == 0 || log.EndsWith("}\n", StringComparison.Ordinal), "each line is whole");
        Assert.That(Directory.GetFiles(_folder[$"{Disk}/run"]).Select(Path.GetFileName),
            Is.SubsetOf([Face.Runs.RunLog.FileName, "report.html"]));
    }

    [Test]
    public void AListOfFailuresThatCannotBeWrittenEndsNothing()
    {
        File.WriteAllText(_folder["tree/bad.png"], "no image");
        Directory.CreateDirectory(_folder["f.npy.failed.tsv"]);
        ProgramResult result = AtlProgram.Run(_folder.FullName,
            "extract", "tree", "-model", "net.prototxt", "-weights", "net.caffemodel", "-out", "f.npy");
        Assert.That(result.ExitCode, Is.EqualTo(3), result.Errors);
        Assert.That(result.Errors, Does.Contain("f.npy.failed.tsv cannot be written, the command continues without"));
        Assert.That(NpyFile.Read(_folder["f.npy"]).Shape[0], Is.EqualTo(4));
        Assert.That(File.ReadAllLines(_folder["f.txt"]), Has.Length.EqualTo(4));
    }

    // Files have no room left, while names of new ones have.
    private void Fill(int room = 0)
    {
        using FileStream filler = new(_folder[$"{Disk}/{Filler}"], FileMode.Create, FileAccess.Write, FileShare.None,
            bufferSize: 0);
        try
        {
            while (true) filler.Write(new byte[512]);
        }
        catch (IOException)
        {
            filler.SetLength(filler.Length - room);
        }
    }

    private static bool Succeeds(string program, params string[] arguments)
    {
        try
        {
            using Process process =
                Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
