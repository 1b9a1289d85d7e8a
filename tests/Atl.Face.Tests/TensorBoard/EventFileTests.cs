using Atl.Face.TensorBoard;
using Atl.Face.Tests.Runs;
using Atl.Solvers;
using Atl.TestSupport;

namespace Atl.Face.Tests.TensorBoard;

public class EventFileTests
{
    [Test]
    public void TheChecksumOfTheTestIsCastagnolis() =>
    Assert.That(EventFile.Crc("123456789"u8), Is.EqualTo(0xE3069283));

    [Test]
    public void WhatARunCameToIsReadBack()
    {
        using MarginRun run = new();
        Witness witness = new();
        string path;
        using (EventFileObserver events = new(run["events"]))
        using (Solver solver = run.Create(4, events, witness))
        {
            solver.Solve();
            path = events.Path;
        }
        List<EventRecord> records = EventFile.Read(path);
        Assert.That(Path.GetFileName(path), Does.StartWith("events.out.tfevents."));
        Assert.That((records[0].Version, records[1].Starts, records[1].Step), Is.EqualTo(("brain.Event:2", true, 0L)));
        Assert.That(records.Select(record => record.Time), Is.Ordered.And.All.GreaterThan(1.5e9));

        EventRecord[] training = [.. records.Where(record => record.Scalars.ContainsKey("loss"))];
        Assert.That(training, Has.Length.EqualTo(4));
        foreach ((EventRecord record, SolverProgress progress) in training.Zip(witness.Progress))
        {
            Assert.That(record.Step, Is.EqualTo(progress.Iteration));
            Assert.That(record.Scalars["loss"], Is.EqualTo(progress.Loss));
            Assert.That(record.Scalars["output/loss"], Is.EqualTo(progress.Loss));
            Assert.That(record.Scalars["learning_rate"], Is.EqualTo(0.05f));
            Assert.That(record.Scalars["lambda"],
                Is.EqualTo(progress.Lambda).And.EqualTo(record.Scalars["output/lambda"]));
            Assert.That(record.Scalars["speed/images_per_second"], Is.EqualTo((float)progress.ImagesPerSecond));
            Assert.That(record.Scalars["speed/iterations_per_second"], Is.EqualTo((float)progress.ImagesPerSecond / 6)
                .Within(0.01).Percent);
        }

        EventRecord[] tests = [.. records.Where(record => record.Scalars.ContainsKey("test/loss"))];
        Assert.That(tests.Select(record => record.Step), Is.EqualTo(witness.Tests.Select(test => test.Iteration)));
        Assert.That(tests.Select(record => record.Scalars["test/loss"]),
            Is.EqualTo(witness.Tests.Select(test => (float)test.Scores.Single(score => score.Name == "loss").Value)));
    }

    [Test]
    public void HistogramsAndPicturesAreThere()
    {
        using MarginRun run = new();
        string path;
        using (EventFileObserver events = new(run["events"]))
        using (Solver solver = run.Create(1, events))
        {
            solver.Step(1);
            path = events.Path;
        }
        EventRecord details = EventFile.Read(path).Single(record => record.Histograms.Count > 0);
        // 8 x 20 weights and 8 biases of fc5, 3 x 8 of fc6; 6 samples, of whose 15 pairs 3 are of one person.
        Dictionary<string, int> expected = new()
        {
            ["weights/fc5/0"] = 160,
            ["weights/fc5/1"] = 8,
            ["weights/fc6/0"] = 24,
            ["angles/own_centre"] = 6,
            ["angles/other_centre"] = 6,
            ["angles/genuine_pairs"] = 3,
            ["angles/impostor_pairs"] = 12,
        };
        Assert.That(details.Histograms.Keys, Is.EquivalentTo(expected.Keys));
        foreach ((string tag, (double count, double[] limits, double[] counts)) in details.Histograms)
        {
            Assert.That((count, counts.Sum(), limits.Length),
                Is.EqualTo(((double)expected[tag], (double)expected[tag], counts.Length)), tag);
            Assert.That(limits, Is.Ordered, tag);
        }
        Assert.That(details.Images.Keys, Is.EquivalentTo(new[] { "data/0", "data/1", "data/2", "data/3" }));
        // PNG's signature, and width and height in its first chunk.
        Assert.That(details.Images["data/0"][..8],
            Is.EqualTo(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }));
        Assert.That((details.Images["data/0"][19], details.Images["data/0"][23]), Is.EqualTo(((byte)5, (byte)4)));
    }

    [Test]
    public void ARunThatGoesOnStartsANewFileAtItsIteration()
    {
        using MarginRun run = new();
        string state;
        using (EventFileObserver events = new(run["events"]))
        using (Solver solver = run.Create(3, events))
        {
            solver.Solve();
            state = run["snap_iter_3.solverstate"];
        }
        string path;
        using (EventFileObserver events = new(run["events"]))
        using (Solver solver = run.Create(5, events))
        {
            solver.Solve(state);
            path = events.Path;
        }
        string[] files = [.. Directory.GetFiles(run["events"]).Order(StringComparer.Ordinal)];
        Assert.That(files, Has.Length.EqualTo(2));
        Assert.That(files[1], Is.EqualTo(path), "TensorBoard reads the files in the order of their names");
        List<EventRecord> records = EventFile.Read(path);
        Assert.That((records[0].Version, records[1].Starts, records[1].Step), Is.EqualTo(("brain.Event:2", true, 3L)));
        Assert.That(records.Where(record => record.Scalars.ContainsKey("loss")).Select(record => record.Step),
            Is.EqualTo(new long[] { 3, 4 }));
    }

    private sealed class Witness : ISolverObserver
    {
        public List<SolverProgress> Progress { get; } = [];

        public List<SolverTestResult> Tests { get; } = [];

        public void OnIteration(Solver solver, SolverProgress progress) => Progress.Add(progress);

        public void OnTest(Solver solver, SolverTestResult result) => Tests.Add(result);
    }
}
