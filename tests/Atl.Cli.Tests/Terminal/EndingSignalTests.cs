using System.Diagnostics;
using System.Globalization;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Terminal;

/// <summary>Programs that are told to end: by signals, by a terminal that goes, once and twice.</summary>
public sealed class EndingSignalTests : FolderFixture
{
    private const string Net = """
        layer { name: "data" type: "DummyData" top: "x" top: "t" dummy_data_param { shape { dim: 2 dim: 3 } } }
        layer { name: "ip" type: "InnerProduct" bottom: "x" top: "y" inner_product_param { num_output: 3 } }
        layer { name: "loss" type: "EuclideanLoss" bottom: "y" bottom: "t" top: "loss" }
        """;

    // Longer than signals that wrappers send twice are apart.
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(1.5), Step = TimeSpan.FromMilliseconds(50);

    [SetUp]
    public void WriteNet()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("signals are sent with kill, which Windows does not have");
        foreach (string file in Directory.GetFiles(_folder.FullName)) File.Delete(file);
        File.WriteAllText(_folder["net.prototxt"], Net);
    }

    [TestCase("", TestName = "ATerminalThatGoesSnapshotsAndTrainingGoesOn")]
    [TestCase("setsid -w", TestName = "ATerminalThatGoesSnapshotsWhereNoSignalSaysSo")]
    [TestCase("bash -ic '\"$0\" \"$@\"'", TestName = "ATerminalThatGoesSnapshotsUnderAShellThatPassesItsSignalOn")]
    [TestCase("trap '' HUP;", TestName = "ATerminalThatGoesSnapshotsWhereSighupWasIgnored")]
    public void ATerminalThatGoesIsAHangup(string before)
    {
        WriteSolver("max_iter: 1000000000 display: 100");
        using Process terminal = AtlProgram.StartInTerminal(_folder.FullName, before, "train", "-solver",
            "solver.prototxt");
        ReadUntil(terminal.StandardOutput, "lr = 0.1");
        Task<string> rest = terminal.StandardOutput.ReadToEndAsync();
        int program = int.Parse(File.ReadAllText(_folder["pid"]), CultureInfo.InvariantCulture);
        using Process training = Process.GetProcessById(program);
        using Timer watchdog = new(_ => training.Kill(), null, AtlProgram.Limit, Timeout.InfiniteTimeSpan);
        terminal.Kill();
        terminal.WaitForExit();
        Wait(() => States().Length > 0 || training.HasExited, "the hangup's snapshot");
        Assert.That(States(), Has.Length.EqualTo(1));
        Thread.Sleep(Later);
        Assert.That(training.HasExited, Is.False, "training goes on");
        Assert.That(States(), Has.Length.EqualTo(1), "signal and terminal are one hangup");
        AtlProgram.Send("15", program);
        training.WaitForExit();
        int[] iterations = [.. States().Select(state => ProtoFiles.ReadSolverState(state).Iter).Order()];
        Assert.That(iterations, Has.Length.EqualTo(2));
        Assert.That(iterations[1], Is.GreaterThan(iterations[0]));
        _ = rest.Result;
    }

    [TestCase("1", 2)]
    [TestCase("2", 1)]
    [TestCase("15", 1)]
    public void ASignalBeforeTheNetsAreBuiltIsOneDuringTraining(string signal, int snapshots)
    {
        // More than a pipe holds: when it is written, the program is reading.
        string comment = string.Concat(Enumerable.Repeat($"# {new string('x', 100)}\n", 2000));
        using Process training = AtlProgram.Start(_folder.FullName, "train", "-solver", "/dev/stdin");
        Task<string> errors = training.StandardError.ReadToEndAsync();
        Task<string> output = training.StandardOutput.ReadToEndAsync();
        training.StandardInput.Write(comment);
        training.StandardInput.Flush();
        AtlProgram.Send(signal, training.Id);
        Thread.Sleep(Step);
        WriteSolver("max_iter: 9");
        training.StandardInput.Write(File.ReadAllText(_folder["solver.prototxt"]));
        training.StandardInput.Close();
        Assert.That(training.WaitForExit(AtlProgram.Limit), Is.True);
        Assert.That(training.ExitCode, Is.Zero, errors.Result + output.Result);
        Assert.That(States(), Has.Length.EqualTo(snapshots), errors.Result);
    }

    [Test]
    public void ALogThatNobodyReadsHoldsNoTraining()
    {
        WriteSolver("max_iter: 1000000000 display: 1 snapshot: 2000");
        using Process process = AtlProgram.Start(_folder.FullName, "train", "-solver", "solver.prototxt");
        using Timer watchdog = new(_ => process.Kill(true), null, AtlProgram.Limit, Timeout.InfiniteTimeSpan);
        // Far more lines than a pipe holds.
        Wait(() => process.HasExited || States().Length > 0, "a snapshot");
        ReadUntil(process.StandardError, "lines are missing here: no reader)");
        AtlProgram.Send("15", process.Id);
        ReadUntil(process.StandardError, "Optimization stopped early.");
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero);
    }

    // An iteration without end, so that a stop has to wait for it.
    [Test]
    public void ASecondInterruptEndsARunThatIsStopping()
    {
        WriteSolver("max_iter: 10 iter_size: 2000000000");
        using Process process = AtlProgram.Start(_folder.FullName, "train", "-solver", "solver.prototxt");
        using Timer watchdog = new(_ => process.Kill(true), null, AtlProgram.Limit, Timeout.InfiniteTimeSpan);
        ReadUntil(process.StandardError, "Learning Rate Policy");
        AtlProgram.Send("15", process.Id);
        ReadUntil(process.StandardError, "SIGTERM: training stops after this iteration");
        // Wrappers pass on what the group has been sent already, and schedulers send SIGTERM again before SIGKILL.
        AtlProgram.Send("2", process.Id);
        ReadUntil(process.StandardError,
            "SIGINT: training stops after this iteration; Ctrl-C again ends it at once, without a snapshot");
        Thread.Sleep(Later);
        AtlProgram.Send("15", process.Id);
        ReadUntil(process.StandardError, "SIGTERM: ");
        Assert.That(process.HasExited, Is.False);
        AtlProgram.Send("2", process.Id);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(130));
        Assert.That(States(), Is.Empty);
    }

    [TestCase("snapshot", 1)]
    [TestCase("none", 0)]
    public void WhatSigtermDoesCanBeChosen(string effect, int snapshots)
    {
        WriteSolver("max_iter: 1000000000");
        using Process process = AtlProgram.Start(
            _folder.FullName, "train", "-solver", "solver.prototxt", "-sigterm_effect", effect, "-sighup_effect",
            "stop");
        using Timer watchdog = new(_ => process.Kill(true), null, AtlProgram.Limit, Timeout.InfiniteTimeSpan);
        ReadUntil(process.StandardError, "Learning Rate Policy");
        AtlProgram.Send("15", process.Id);
        ReadUntil(process.StandardError, effect == "none" ? "SIGTERM: training continues"
            : "Snapshotting solver state");
        AtlProgram.Send("1", process.Id);
        ReadUntil(process.StandardError, "Optimization stopped early.");
        process.WaitForExit();
        Assert.That((process.ExitCode, States().Length), Is.EqualTo((0, snapshots + 1)));
    }

    [TestCase("1", 129)]
    [TestCase("2", 130)]
    [TestCase("15", 143)]
    public void OtherCommandsEndAndLeaveNoHalfFile(string signal, int code)
    {
        if (IsIgnored(signal))
            Assert.Ignore("these tests were started with a signal ignored (in the background of a script), and so "
                + "is what they start");
        ProtoFiles.WriteNetBinary(_folder["w.caffemodel"],
            new NetParameter { Layer = { new LayerParameter { Name = "other", Type = "InnerProduct" } } });
        using Process process = AtlProgram.Start(
            _folder.FullName, "extract_features", "w.caffemodel", "net.prototxt", "y", "features.npy", "2000000000",
            "npy");
        using Timer watchdog = new(_ => process.Kill(true), null, AtlProgram.Limit, Timeout.InfiniteTimeSpan);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Wait(() => process.HasExited || File.Exists(_folder["features.npy.tmp"]), "the unfinished file");
        Assert.That(process.HasExited, Is.False, () => errors.Result);
        AtlProgram.Send(signal, process.Id);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(code));
        // A lock ends with its process, whether or not its file stays.
        Assert.That(Directory.GetFiles(_folder.FullName, "features*").Select(Path.GetFileName),
            Is.SubsetOf(new[] { "features.npy.lock" }));
    }

    // A command that was started with a signal ignored, as by nohup, goes on.
    private static bool IsIgnored(string signal)
    {
        const string Status = "/proc/self/status", Mask = "SigIgn:";
        if (!File.Exists(Status)) return false;
        string mask = File.ReadLines(Status)
            .First(line => line.StartsWith(Mask, StringComparison.Ordinal))[Mask.Length..].Trim();
        return (ulong.Parse(mask, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            >> (int.Parse(signal, CultureInfo.InvariantCulture) - 1) & 1) == 1;
    }

    private string[] States() => Directory.GetFiles(_folder.FullName, "out_iter_*.solverstate");

    private void WriteSolver(string more) => File.WriteAllText(
        _folder["solver.prototxt"],
        $"net: 'net.prototxt' base_lr: 0.1 lr_policy: 'fixed' snapshot_prefix: 'out' random_seed: 5 {more}");

    private static void ReadUntil(StreamReader output, string text)
    {
        List<string> read = [];
        while (output.ReadLine() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal)) return;
            read.Add(line);
        }
        Assert.Fail($"expected a line with '{text}' in:\n{string.Join('\n', read.TakeLast(20))}");
    }

    private static void Wait(Func<bool> condition, string what)
    {
        long begun = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(begun) > AtlProgram.Limit)
                Assert.Fail($"expected {what} within {AtlProgram.Limit}");
            Thread.Sleep(Step);
        }
    }
}
