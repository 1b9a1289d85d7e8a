using Atl.Face.Report;
using Atl.Face.Runs;
using Atl.Proto;
using Atl.Solvers;

namespace Atl.Face.Tests.Runs;

public class RunLogTests
{
    private static readonly Dictionary<string, double> Outputs = new() { ["loss"] = double.NaN };

    [Test]
    public void ALogIsReadAsItWasWrittenAcrossAKillAndAResumption()
    {
        using MarginRun run = new();
        string path = run["run/metrics.jsonl"];
        using (RunLog log = new(path))
        {
            log.Append(new RunStart(0, 1, "net", new Dictionary<string, string> { ["Batch"] = "6" }));
            for (int i = 0; i < 5; i++)
                log.Append(new TrainReading(i, 2, i == 3 ? double.NaN : 0.1 * i, 0.5, null, 2, 12, Outputs));
            log.Append(new SnapshotReading(3, 3, "a.caffemodel"));
        }
        File.AppendAllText(path, "{\"kind\":\"train\",\"itera");
        using (RunLog log = new(path))
        {
            log.Append(new RunStart(3, 4, "net", new Dictionary<string, string>()));
            log.Append(new TrainReading(3, 5, 7, 0.5, 2, 2, 12, Outputs));
        }
        List<string> notes = [];
        RunHistory history = RunLog.Read(path, notes.Add);
        Assert.Multiple(() =>
        {
            Assert.That(history.Training.Select(reading => (reading.Iteration, reading.Loss)),
                Is.EqualTo([(0, 0.0), (1, 0.1), (2, 0.2), (3, 7.0)]));
            Assert.That(history.Training[3].Lambda, Is.EqualTo(2));
            Assert.That(history.Training[3].Outputs["loss"], Is.NaN);
            Assert.That(history.Starts.Select(start => start.Iteration), Is.EqualTo([0, 3]));
            Assert.That(history.Starts[0].Facts["Batch"], Is.EqualTo("6"));
            Assert.That(history.Snapshots.Single().Model, Is.EqualTo("a.caffemodel"),
                "the snapshot that the run goes on from stays");
            Assert.That(notes, Has.Count.EqualTo(1));
            Assert.That(notes[0], Does.Contain("metrics.jsonl:8: ignored"));
        });
    }

    // Windows does not let a file go that is open.
    [Test]
    [Platform(Exclude = "Win")]
    public void ALogThatIsRemovedMeanwhileBeginsAnewAndSaysSoOnce([Values] bool withItsFolder)
    {
        using MarginRun run = new();
        string path = run["run/metrics.jsonl"];
        List<string> notes = [];
        using (RunLog log = new(path, notes.Add))
        {
            log.Append(new SnapshotReading(1, 3, "a.caffemodel"));
            Assert.That(notes, Is.Empty);
            if (withItsFolder) Directory.Delete(Path.GetDirectoryName(path)!, true);
            else File.Delete(path);
            for (int i = 2; i < 5; i++) log.Append(new SnapshotReading(i, 3, $"{i}.caffemodel"));
        }
        Assert.That(notes, Is.EqualTo([$"{path}: the run's log was removed while the run goes on; it begins anew, "
            + "without the entries before"]));
        Assert.That(RunLog.Read(path, note => Assert.Fail(note)).Snapshots.Select(snapshot => snapshot.Model),
            Is.EqualTo(["2.caffemodel", "3.caffemodel", "4.caffemodel"]));
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void ARemovedLogThatCannotBeginAnewSaysWhy()
    {
        using MarginRun run = new();
        string path = run["metrics.jsonl"];
        using RunLog log = new(path);
        File.Delete(path);
        Directory.CreateDirectory(path);
        Assert.That(() => log.Append(new SnapshotReading(1, 3, "a.caffemodel")), Throws.TypeOf<AtlException>().With
            .Message.StartsWith($"{path}: the run's log cannot be written: "));
    }

    [Test]
    public void ARecorderTakesWhatTheReportShows()
    {
        using MarginRun run = new();
        RunHistory history = new();
        using (RunLog log = new(run["metrics.jsonl"]))
        using (Solver solver = run.Create(4, new RunRecorder(history, log)))
            solver.Solve();
        RunHistory stored = RunLog.Read(run["metrics.jsonl"], note => Assert.Fail(note));
        Assert.That(stored.Training.Select(reading => (reading.Iteration, reading.Loss, reading.Lambda)),
            Is.EqualTo(history.Training.Select(reading => (reading.Iteration, reading.Loss, reading.Lambda))));
        Assert.That(stored.Tests.Select(test => test.Iteration), Is.EqualTo([0, 2, 4]));
        Assert.That(stored.Angles, Has.Count.EqualTo(4));
        Assert.That((stored.Angles[0].OwnCentre.Sum(), stored.Angles[0].Genuine.Sum(), stored.Angles[0].Impostor.Sum()),
            Is.EqualTo((6L, 3L, 12L)));
        string html = HtmlReport.ToHtml(RunReport.Of(stored, []));
        string[] figures = ["Loss", "λ of the margin layer", "Learning rate", "Throughput", "Test: loss",
            "Angles between samples and rows of W"];
        foreach (string figure in figures) Assert.That(html, Does.Contain($">{figure}<"));
        Assert.That(html, Does.Contain("snap_iter_4.caffemodel<"));
    }

    [Test]
    public void ALogOfCaffeIsReadToo()
    {
        RunHistory history = new();
        string[] lines =
        [
            "I0210 13:39:22.381027 25210 solver.cpp:280] Solving lenet",
            "I0210 13:39:22.381027 25210 solver.cpp:341] Iteration 0, Testing net (#0)",
            "I0210 13:39:23.381027 25210 solver.cpp:409]     Test net output #0: accuracy = 0.0974",
            "I0210 13:39:23.381027 25210 solver.cpp:409]     Test net output #1: loss = 2.36 (* 1 = 2.36 loss)",
            "I0210 13:39:24.381027 25210 solver.cpp:237] Iteration 0, loss = 2.3",
            "I0210 13:39:24.381027 25210 solver.cpp:253]     Train net output #0: loss = 2.3 (* 1 = 2.3 loss)",
            "I0210 13:39:24.381027 25210 sgd_solver.cpp:106] Iteration 0, lr = 0.01",
            "I0210 13:39:25.381027 25210 solver.cpp:218] Iteration 100 (52.5 iter/s, 1.9s/100 iters), loss = nan",
            "I0210 13:39:25.381027 25210 solver.cpp:237]     Train net output #0: lambda = 5",
            "I0210 13:39:25.381027 25210 sgd_solver.cpp:106] Iteration 100, lr = 0.001",
        ];
        CaffeLogReader.Read(lines.Select(CaffeLogLine.Parse), history);
        Assert.Multiple(() =>
        {
            Assert.That(history.Starts.Single().Net, Is.EqualTo("lenet"));
            Assert.That(history.Tests.Single().Outputs,
                Is.EqualTo(new Dictionary<string, double> { ["accuracy"] = 0.0974, ["loss"] = 2.36 }));
            Assert.That(history.Training.Select(reading =>
                (reading.Iteration, reading.LearningRate, reading.Lambda, reading.IterationsPerSecond)),
                Is.EqualTo(new (int, double?, double?, double?)[] { (0, 0.01, null, null), (100, 0.001, 5, 52.5) }));
            Assert.That(history.Training[1].Loss, Is.NaN);
        });
    }

    [Test]
    public void AFolderWithoutALogIsNamed()
    {
        using MarginRun run = new();
        string folder = Path.GetDirectoryName(run["x"])!;
        Assert.That(() => RunFolder.Read(folder, _ => { }),
            Throws.TypeOf<AtlException>().With.Message.Contains("no log of a run"));
        Assert.That(() => RunFolder.Read(run["none"], _ => { }),
            Throws.TypeOf<AtlException>().With.Message.Contains("no such folder"));
    }
}
