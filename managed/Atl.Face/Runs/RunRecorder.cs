using System.Globalization;
using Atl.Face.Verification;
using Atl.Solvers;

namespace Atl.Face.Runs;

/// <summary>Takes readings of a run while it is trained, into a history and, where asked, a log.</summary>
/// <param name="history">Takes the readings up.</param>
/// <param name="log">Takes them too; null for none.</param>
internal sealed class RunRecorder(RunHistory history, RunLog? log = null) : ISolverObserver
{
    private bool _begun;
    private Dictionary<string, double>? _outputs;

    /// <inheritdoc/>
    public void OnForward(Solver solver)
    {
        Begin(solver);
        _outputs = ReadingSchedule.IsDue(solver) ? NetReadings.Outputs(solver.Net) : null;
        if (!ReadingSchedule.AreDetailsDue(solver) || BatchAngles.Compute(solver.Net) is not { } angles) return;
        Add(new AngleReading(
            solver.Iteration, Now(), AngleHistogram.Count(angles.OwnCentre), AngleHistogram.Count(angles.OtherCentre),
            AngleHistogram.Count(angles.Genuine), AngleHistogram.Count(angles.Impostor)));
    }

    /// <inheritdoc/>
    public void OnIteration(Solver solver, SolverProgress progress)
    {
        if (_outputs is null) return;
        Add(new TrainReading(
            progress.Iteration, Now(), progress.Loss, progress.LearningRate, progress.Lambda,
            progress.IterationsPerSecond, progress.ImagesPerSecond,
                _outputs));
    }

    /// <inheritdoc/>
    public void OnTest(Solver solver, SolverTestResult result)
    {
        Begin(solver);
        Add(new TestReading(result.Iteration, Now(), result.Net, NetReadings.Outputs(result)));
    }

    /// <inheritdoc/>
    public void OnSnapshot(Solver solver, string model, string state)
    {
        Begin(solver);
        Add(new SnapshotReading(solver.Iteration, Now(), model));
    }

    private static double Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;

    // The first call comes after a snapshot was taken up: only then is it known where the run begins.
    private void Begin(Solver solver)
    {
        if (_begun) return;
        _begun = true;
        Add(new RunStart(solver.Iteration, Now(), solver.Net.Name, Facts(solver)));
    }

    private static Dictionary<string, string> Facts(Solver solver)
    {
        CultureInfo plain = CultureInfo.InvariantCulture;
        Dictionary<string, string> facts = [];
        if (solver.Options.File is { } file) facts["Solver"] = file;
        facts["Net"] = solver.Net.Name;
        facts["Learned parameters"] = solver.Net.LearnableParameters.Sum(learned => learned.Blob.Count)
            .ToString("N0", plain);
        facts["Batch"] = string.Create(plain,
            $"{solver.BatchSize}{(solver.Parameter.IterSize > 1 ? $" × {solver.Parameter.IterSize}" : "")}");
        facts["Iterations"] = solver.Parameter.MaxIter.ToString("N0", plain);
        facts["Seed"] = solver.Net.Seed.ToString(plain);
        facts["Machine"] = string.Create(plain,
            $"{Environment.MachineName}, {solver.Device.Name}, {Environment.ProcessorCount} logical processors");
        return facts;
    }

    private void Add(RunEntry entry)
    {
        history.Add(entry);
        log?.Append(entry);
    }
}
