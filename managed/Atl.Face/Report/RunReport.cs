using Atl.Face.Datasets;
using Atl.Face.Runs;
using Atl.Proto;

namespace Atl.Face.Report;

/// <summary>
/// The content of a report on one training run. Everything but the title may be missing; the page states what it does
/// not show, and what would add it.
/// </summary>
internal sealed record RunReport
{
    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>One line below it: what was trained, on what.</summary>
    public string? Subtitle { get; init; }

    /// <summary>Facts of the run (net, solver, machine, times …), shown as a table in the order given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts { get; init; } = [];

    /// <summary>The course of training, by rising iteration.</summary>
    public IReadOnlyList<TrainReading> Training { get; init; } = [];

    /// <summary>The results of test nets, in order of iteration.</summary>
    public IReadOnlyList<TestReading> Tests { get; init; } = [];

    /// <summary>Angles in training batches, by rising iteration.</summary>
    public IReadOnlyList<AngleReading> Angles { get; init; } = [];

    /// <summary>Verifications; of those of one protocol the first is the one of interest, the others are what it is
    /// compared with.</summary>
    public IReadOnlyList<RunVerification> Verifications { get; init; } = [];

    /// <summary>Rows of sample images, one person a row.</summary>
    public IReadOnlyList<IReadOnlyList<FaceSample>> Samples { get; init; } = [];

    /// <summary>The report of a run's course and its verifications, the newest one first.</summary>
    public static RunReport Of(RunHistory history, IReadOnlyList<RunVerification> verifications)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(verifications);
        RunStart? start = history.Starts.Count > 0 ? history.Starts[^1] : null;
        List<KeyValuePair<string, string>> facts = start is null ? [] : [.. start.Facts];
        if (history.Starts.Count > 1) facts.Add(new("Went on from", $"iteration {Resumptions(history.Starts)}"));
        if (history.Snapshots.Count > 0) facts.Add(new("Last snapshot", history.Snapshots[^1].Model));
        List<string> done = [];
        if (history.Training.Count > 0) done.Add($"{history.Training[^1].Iteration + 1L} iterations");
        if (verifications.Count > 0)
            done.Add(verifications.Count == 1 ? "verified once" : $"verified {verifications.Count} times");
        return new RunReport
        {
            Title = start is { Net.Length: > 0 } ? start.Net : history.Training.Count > 0 ? "Training" : "Verification",
            Subtitle = done.Count > 0 ? string.Join(", ", done) : null,
            Facts = facts,
            Training = history.Training,
            Tests = history.Tests,
            Angles = history.Angles,
            Verifications = verifications,
        };
    }

    /// <summary>The report of what lies in a run's folder: its log, its verifications, or both.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="note">Receives a message for each ignored part.</param>
    /// <exception cref="AtlException">There is no such folder, or neither a log nor a verification in it.</exception>
    public static RunReport OfFolder(string folder, Action<string> note)
    {
        IReadOnlyList<RunVerification> verifications = new RunVerifications(folder).Read(note);
        if (verifications.Count == 0) return Of(RunFolder.Read(folder, note), verifications);
        RunHistory history = new();
        try
        {
            if (RunFolder.HasLog(folder)) history = RunFolder.Read(folder, note);
        }
        catch (AtlException e)
        {
            note($"ignored: {e.Message}");
        }
        return Of(history, verifications);
    }

    // A job that is preempted again and again goes on very often.
    private static string Resumptions(IReadOnlyList<RunStart> starts)
    {
        const int Shown = 20;
        string last = string.Join(", ", starts.Skip(1).TakeLast(Shown).Select(start => start.Iteration));
        return starts.Count - 1 > Shown ? $"{last} ({starts.Count - 1} times)" : last;
    }
}
