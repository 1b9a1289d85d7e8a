using System.Diagnostics;
using System.Text.RegularExpressions;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Commands;

public sealed partial class TrainCommandTests : FolderFixture
{
    private const string Net = """
        name: "small"
        layer { name: "data" type: "DummyData" top: "data" top: "label"
          dummy_data_param { shape { dim: 8 dim: 5 } shape { dim: 8 } data_filler { type: "gaussian" std: 1 } data_filler { value: 2 } } }
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" include { not_stage: "scored" } }
        layer { name: "accuracy" type: "Accuracy" bottom: "ip" bottom: "label" top: "accuracy" include { stage: "scored" } }
        """;

    // What a failed test shows of the program's log.
    private const int LastLines = 20;

    // More lines than a pipe holds when its writer has ended.
    private const int LinesAfterSignal = 2000;

    [SetUp]
    public void WriteNet() => File.WriteAllText(_folder["net.prototxt"], Net);

    [Test]
    [CaffeBehaviour(CaffeBehaviour.LogLines)]
    public void TheLogIsCaffes()
    {
        WriteSolver("max_iter: 20 display: 10 test_iter: 2 test_interval: 10 snapshot: 10");
        ProgramResult result = Run("train", "--solver=solver.prototxt");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        string[] lines = [.. result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => Prefix().Replace(line, ""))];
        Assert.That(lines, Has.All.Not.StartsWith("I1"), "every line has glog's prefix");
        foreach (string pattern in new[]
                 {
                     "^Starting Optimization$", "^Solving small$", "^Iteration 0, Testing net \\(#0\\)$",
                         "^    Test net output #0: loss = [\\d.]+ \\(\\* 1 = [\\d.]+ loss\\)$",
                     "^Iteration 10 \\([\\d.]+ iter/s, [\\d.e-]+s/10 iters\\), loss = [\\d.]+$",
                         "^    Train net output #0: loss = [\\d.]+ \\(\\* 1 = [\\d.]+ loss\\)$",
                     "^Iteration 10, lr = 0.1$", "^Snapshotting to binary proto file out_iter_10.caffemodel$",
                     "^Optimization Done\\.$",
                 })
            Assert.That(lines, Has.Some.Match(pattern));
        Assert.That(File.Exists(_folder["out_iter_20.caffemodel"]) && File.Exists(_folder["out_iter_20.solverstate"]));
    }

    [Test]
    public void ASnapshotGoesOnAsIfNothingHadHappened()
    {
        WriteSolver("max_iter: 12 snapshot: 6");
        Assert.That(Run("train", "-solver", "solver.prototxt").ExitCode, Is.Zero);
        byte[] whole = File.ReadAllBytes(_folder["out_iter_12.caffemodel"]);
        File.Delete(_folder["out_iter_12.caffemodel"]);
        ProgramResult resumed = Run("train", "-solver", "solver.prototxt", "-snapshot", "out_iter_6.solverstate");
        Assert.That(resumed.ExitCode, Is.Zero, resumed.Errors);
        Assert.That(File.ReadAllBytes(_folder["out_iter_12.caffemodel"]), Is.EqualTo(whole));
    }

    [Test]
    public void WeightsAreStartedFrom()
    {
        WriteSolver("max_iter: 5");
        Run("train", "-solver", "solver.prototxt");
        File.WriteAllText(_folder["still.prototxt"],
            "net: 'net.prototxt' base_lr: 0 lr_policy: 'fixed' max_iter: 1 snapshot_prefix: 'still'");
        ProgramResult result = Run("train", "-solver=still.prototxt", "-weights=out_iter_5.caffemodel");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(Weights("still_iter_1.caffemodel"), Is.EqualTo(Weights("out_iter_5.caffemodel")));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.SeveralWeights)]
    public void OfSeveralWeightsTheLaterOverwriteTheEarlierAndTheSolversOwnDoNotCount()
    {
        WriteSolver("max_iter: 6 snapshot: 3");
        Assert.That(Run("train", "-solver", "solver.prototxt").ExitCode, Is.Zero);
        const string Solver = "net: 'net.prototxt' base_lr: 0 lr_policy: 'fixed' max_iter: 1 snapshot_prefix: "
            + "'still' weights: 'of_the_solver.caffemodel'";
        File.WriteAllText(_folder["still.prototxt"], Solver);
        ProgramResult result = Run("train", "-solver=still.prototxt", "-weights",
            "out_iter_3.caffemodel,out_iter_6.caffemodel");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(Weights("still_iter_1.caffemodel"),
            Is.EqualTo(Weights("out_iter_6.caffemodel")).And.Not.EqualTo(Weights("out_iter_3.caffemodel")));
    }

    [Test]
    public void WeightsThatAreMissingAreNamedWithThePlaceWhereTheSolverNamesThem()
    {
        File.WriteAllText(_folder["still.prototxt"],
            "net: 'net.prototxt' base_lr: 0 lr_policy: 'fixed' max_iter: 1 snapshot_prefix: 'still'\n  weights: "
                + "'absent.caffemodel'");
        Assert.That(Run("train", "-solver=still.prototxt").LastError, Does.StartWith(
            "atl train: still.prototxt:2:3: weights 'absent.caffemodel': no such file in the working folder"));
        Assert.That(Run("train", "-solver=still.prototxt", "-weights", "gone.caffemodel").LastError, Does.StartWith(
            "atl train: gone.caffemodel: no such file, expected weights"));
    }

    // One command line starts a run and, again and again, resumes it.
    [Test]
    public void AnAutomaticSnapshotStartsAnewThenResumesToTheSameBytes()
    {
        WriteSolver("max_iter: 12 snapshot: 3");
        string[] command = ["train", "-solver", "solver.prototxt", "-snapshot", "auto", "-keep_snapshots", "2"];
        ProgramResult begun = Run(command);
        Assert.That(begun.ExitCode, Is.Zero, begun.Errors);
        Assert.That(begun.Errors,
            Does.Contain("-snapshot auto: found no snapshot of out to resume from, training starts over"));
        string[] kept = ["out_iter_12.caffemodel", "out_iter_12.solverstate", "out_iter_9.caffemodel",
            "out_iter_9.solverstate"];
        Assert.That(Directory.GetFiles(_folder.FullName, "out_*").Select(Path.GetFileName), Is.EquivalentTo(kept));
        byte[] whole = File.ReadAllBytes(_folder["out_iter_12.caffemodel"]);
        File.WriteAllBytes(_folder["out_iter_12.caffemodel"], whole[..^9]);
        ProgramResult resumed = Run(command);
        Assert.That(resumed.ExitCode, Is.Zero, resumed.Errors);
        Assert.That(resumed.Errors,
            Does.Contain("the snapshot of iteration 12 is ignored: out_iter_12.solverstate: its weights "
                + "out_iter_12.caffemodel")
            .And.Contain("Restoring previous solver status from out_iter_9.solverstate"));
        Assert.That(File.ReadAllBytes(_folder["out_iter_12.caffemodel"]), Is.EqualTo(whole));
    }

    // A later -snapshot auto would take the old run's last snapshot for its own.
    [Test]
    public void ARunOverOlderSnapshotsSaysSo()
    {
        WriteSolver("max_iter: 4 snapshot: 2");
        ProgramResult result = Run("train", "-solver", "solver.prototxt");
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, result.Errors)));
        Assert.That(result.Errors, Does.Not.Contain("of an earlier run"));
        const string Said = "out_iter_4.solverstate is of an earlier run: this run does not resume from it and "
            + "overwrites files of the same name, but a later -snapshot auto resumes from the highest iteration";
        Assert.That(Run("train", "-solver", "solver.prototxt").Errors, Does.Contain(Said));
        Assert.That(Run("train", "-solver", "solver.prototxt", "-snapshot", "out_iter_2.solverstate").Errors,
            Does.Contain(Said));
        Assert.That(Run("train", "-solver", "solver.prototxt", "-snapshot", "out_iter_4.solverstate").Errors,
            Does.Not.Contain("of an earlier run"));
        Assert.That(Run("train", "-solver", "solver.prototxt", "-snapshot", "auto").Errors,
            Does.Not.Contain("of an earlier run"));
    }

    [Test]
    public void AnAutomaticSnapshotMayHaveWeightsToStartFrom()
    {
        WriteSolver("max_iter: 5");
        Assert.That(Run("train", "-solver", "solver.prototxt").ExitCode, Is.Zero);
        File.WriteAllText(_folder["still.prototxt"],
            "net: 'net.prototxt' base_lr: 0 lr_policy: 'fixed' max_iter: 1 snapshot_prefix: 'still'");
        ProgramResult result = Run("train", "-solver=still.prototxt", "-snapshot=auto",
            "-weights=out_iter_5.caffemodel");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(Weights("still_iter_1.caffemodel"), Is.EqualTo(Weights("out_iter_5.caffemodel")));
    }

    [Test]
    public void SnapshotsThatStayAreAPositiveNumber()
    {
        WriteSolver("max_iter: 1");
        ProgramResult result = Run("train", "-solver", "solver.prototxt", "-keep_snapshots", "0");
        Assert.That((result.ExitCode, result.LastError),
            Is.EqualTo((2, "atl: flag '-keep_snapshots' is '0', expected a positive number")));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.StagesOfTheCommandLine)]
    public void StagesChooseLayers()
    {
        WriteSolver("max_iter: 1 display: 1");
        Assert.That(Run("train", "-solver", "solver.prototxt", "-stage", "scored,other").Errors,
            Does.Contain("Train net output #0: accuracy = "));
    }

    [TestCase("2", "stop", false, TestName = "SigintStopsAndSnapshots")]
    [TestCase("2", "stop", true, TestName = "SigintStopsAndSnapshotsWhereItWasIgnored")]
    [TestCase("15", "stop", false, TestName = "SigtermStopsAndSnapshots")]
    [TestCase("15", "stop", true, TestName = "SigtermStopsAndSnapshotsWhereItWasIgnored")]
    [TestCase("1", "snapshot", false, TestName = "SighupSnapshotsAndGoesOn")]
    [TestCase("1", "snapshot", true, TestName = "SighupSnapshotsAndGoesOnWhereItWasIgnored")]
    [Platform(Exclude = "Win", Reason = "signals are sent with kill, which Windows does not have")]
    [CaffeBehaviour(CaffeBehaviour.Signals)]
    public void SignalsReachTheSolver(string signal, string effect, bool ignored)
    {
        WriteSolver("max_iter: 100000000 display: 1");
        string[] command = ["train", "-solver", "solver.prototxt"];
        using Process process = ignored ? AtlProgram.StartIgnoringSignals(_folder.FullName, command)
            : AtlProgram.Start(_folder.FullName, command);
        using Timer watchdog = new(_ => process.Kill(true), null, AtlProgram.Limit, Timeout.InfiniteTimeSpan);
        _ = process.StandardOutput.ReadToEndAsync();
        bool sent = false;
        string? path = null;
        Queue<string> last = new();
        while (process.StandardError.ReadLine() is { } line)
        {
            last.Enqueue(line);
            if (last.Count > LastLines) last.Dequeue();
            if (!sent && line.EndsWith("lr = 0.1", StringComparison.Ordinal))
            {
                AtlProgram.Send(signal, process.Id);
                sent = true;
            }
            if (SnapshotLine().Match(line) is { Success: true } match)
            {
                path = $"out_iter_{match.Groups[1].Value}.solverstate";
                if (effect == "snapshot") break;
            }
        }
        if (effect == "snapshot")
        {
            Assert.That(process.StandardError.ReadLine(), Is.Not.Null, "training goes on");
            process.Kill();
        }
        process.WaitForExit();
        Assert.That(path, Is.Not.Null, $"exit code {process.ExitCode} after: {string.Join('\n', last)}");
        if (effect != "stop") return;
        Assert.That(process.ExitCode, Is.Zero);
        Assert.That(File.Exists(_folder[path!]));
    }

    [Test]
    public void OtherCommandsLeaveIgnoredSignalsIgnored()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("signals are sent with kill, which Windows does not have");
        using Process process = AtlProgram.StartIgnoringSignals(_folder.FullName, "time", "-model", "net.prototxt",
            "-iterations", "1000000000");
        using Timer watchdog = new(_ => process.Kill(true), null, AtlProgram.Limit, Timeout.InfiniteTimeSpan);
        _ = process.StandardOutput.ReadToEndAsync();
        while (process.StandardError.ReadLine() is { } line
            && !line.Contains("Iteration: 1 ", StringComparison.Ordinal))
        {
        }
        // Twice: a handler may be one that answers once.
        foreach (string signal in new[] { "1", "2", "1", "2" })
        {
            AtlProgram.Send(signal, process.Id);
            for (int i = 0; i < LinesAfterSignal; i++)
                Assert.That(process.StandardError.ReadLine(), Is.Not.Null, $"after signal {signal}");
        }
        process.Kill();
        process.WaitForExit();
    }

    private float[] Weights(string file) =>
        [.. ProtoFiles.ReadNetBinary(_folder[file]).Layer.First(layer => layer.Name == "ip").Blobs[0].Data];

    private void WriteSolver(string more) => File.WriteAllText(
        _folder["solver.prototxt"],
        $"net: 'net.prototxt' base_lr: 0.1 lr_policy: 'fixed' momentum: 0.9 random_seed: 5 snapshot_prefix: 'out' "
            + $"{more}");

    private ProgramResult Run(params string[] arguments) => AtlProgram.Run(_folder.FullName, arguments);

    [GeneratedRegex(@"^[IWE]\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ [a-z_]+\.cpp:\d+\] ")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"Snapshotting solver state to binary proto file out_iter_(\d+)\.solverstate")]
    private static partial Regex SnapshotLine();
}
