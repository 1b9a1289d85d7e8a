using System.Diagnostics;
using Atl.Face.Runs;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Commands;

/// <summary>Two trainings with one prefix or one folder: the second one ends before it writes, whatever has become of
/// others before.</summary>
public sealed class TwoRunsTests : FolderFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [SetUp]
    public void WriteSolvers()
    {
        File.WriteAllText(_folder["net.prototxt"], """
            name: "small"
            layer { name: "data" type: "DummyData" top: "data" top: "label"
              dummy_data_param { shape { dim: 8 dim: 5 } shape { dim: 8 } data_filler { type: "gaussian" std: 1 } data_filler { value: 2 } } }
            layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
            layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
            """);
        Solver("long", "max_iter: 100000000 snapshot_prefix: 'a'");
        Solver("short_a", "max_iter: 4 snapshot_prefix: 'a'");
        Solver("short_b", "max_iter: 4 snapshot_prefix: 'b'");
    }

    [Test]
    public void TheSecondOneSaysSoAndADeadOneHoldsNothing()
    {
        using Process first = AtlProgram.Start(_folder.FullName, "train", "-solver", "long.prototxt", "-run", "run");
        _ = first.StandardError.ReadToEndAsync();
        try
        {
            string log = _folder[$"run/{RunLog.FileName}"];
            WaitFor(() => File.Exists(log) && ReadShared(log).Contains("\"kind\":\"train\"", StringComparison.Ordinal));

            ProgramResult prefix = Run("train", "-solver", "short_a.prototxt");
            Assert.That(prefix.ExitCode, Is.EqualTo(1), prefix.Errors);
            Assert.That(prefix.LastError,
                Does.Match(@"^atl train: a: process \d+ on \S+ since .* UTC is writing snapshots here"));
            Assert.That(prefix.LastError, Does.Contain($"process {first.Id} on "));
            Assert.That(Directory.GetFiles(_folder.FullName, "a_iter_*"), Is.Empty, "nothing was written");

            long before = ReadShared(log).Split('\n')
                .Count(line => line.Contains("\"kind\":\"start\"", StringComparison.Ordinal));
            ProgramResult folder = Run("train", "-solver", "short_b.prototxt", "-run", "run");
            Assert.That(folder.ExitCode, Is.EqualTo(1), folder.Errors);
            Assert.That(folder.LastError,
                Does.Contain($"process {first.Id} on ").And.Contain("is writing a run's log here"));
            Assert.That(ReadShared(log).Split('\n')
                .Count(line => line.Contains("\"kind\":\"start\"", StringComparison.Ordinal)), Is.EqualTo(before));
            Assert.That(Directory.GetFiles(_folder.FullName, "b*"), Is.Empty, "the lock that it had is given back");

            ProgramResult report = Run("report", "run", "-out", "page.html");
            Assert.That(report.ExitCode, Is.Zero, report.Errors);
        }
        finally
        {
            first.Kill();
            first.WaitForExit();
        }
        Assert.That(File.Exists(_folder["a.lock"]), "a killed process removes nothing");
        ProgramResult third = Run("train", "-solver", "short_a.prototxt", "-run", "run");
        Assert.That(third.ExitCode, Is.Zero, third.Errors);
        Assert.That(Directory.GetFiles(_folder.FullName, "*.lock", SearchOption.AllDirectories), Is.Empty);
        Assert.That(File.ReadAllText(_folder[$"run/{RunLog.FileName}"]),
            Does.Not.Contain("\n\n").And.Not.StartWith("\n"));
    }

    [Test]
    public void ALogOfJunkCostsTheReportAndNotTheTrainingAndWhatCannotBeWrittenIsSaidAtStart()
    {
        Directory.CreateDirectory(_folder["run"]);
        File.WriteAllText(_folder[$"run/{RunLog.FileName}"], "{\"kind\":\"tr");
        ProgramResult junk = Run("train", "-solver", "short_a.prototxt", "-run", "run");
        Assert.That(junk.ExitCode, Is.Zero, junk.Errors);
        Assert.That(junk.Errors, Does.Contain($"{RunLog.FileName}:1: ignored"));
        Assert.That(File.ReadAllLines(_folder[$"run/{RunLog.FileName}"])[1], Does.StartWith("{\"kind\":\"start\""));

        File.WriteAllText(_folder["file"], "");
        foreach (string flag in new[] { "-run", "-tensorboard" })
        {
            ProgramResult blocked = Run("train", "-solver", "short_b.prototxt", flag, "file/x");
            Assert.That(blocked.ExitCode, Is.EqualTo(1), blocked.Errors);
            Assert.That(blocked.LastError, Does.StartWith("atl train: ").And.Contain("file/x"));
            Assert.That(Directory.GetFiles(_folder.FullName, "b*"), Is.Empty, "it is said before hours of work");
        }
    }

    private static void WaitFor(Func<bool> condition)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.That(watch.Elapsed, Is.LessThan(Patience));
            Thread.Sleep(50);
        }
    }

    private static string ReadShared(string file)
    {
        using StreamReader reader = new(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private ProgramResult Run(params string[] arguments) => AtlProgram.Run(_folder.FullName, arguments);

    private void Solver(string name, string rest) => File.WriteAllText(
        _folder[$"{name}.prototxt"],
        $"net: 'net.prototxt' base_lr: 0.1 lr_policy: 'fixed' display: 1 random_seed: 1 solver_mode: CPU {rest}");
}
