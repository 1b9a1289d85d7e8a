using Atl.Face.Datasets;
using Atl.Face.Runs;
using Atl.Face.Verification;

namespace Atl.Face.Report;

/// <summary>What a report shows of one training run. Everything but the title may be missing; a section without data is left out.</summary>
public sealed class RunReport
{
    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>One line below it: what was trained, on what.</summary>
    public string? Subtitle { get; init; }

    /// <summary>Facts of the run (net, solver, machine, times …), shown as a table in the order given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts { get; init; } = [];

    /// <summary>The course of training, by rising iteration.</summary>
    public IReadOnlyList<TrainReading> Training { get; init; } = [];

    /// <summary>What test nets came to, by rising iteration.</summary>
    public IReadOnlyList<TestReading> Tests { get; init; } = [];

    /// <summary>Angles in training batches, by rising iteration.</summary>
    public IReadOnlyList<AngleReading> Angles { get; init; } = [];

    /// <summary>Nets verified on one protocol, the one of interest first; the others are what it is compared with.</summary>
    public IReadOnlyList<ReportNetwork> Networks { get; init; } = [];

    /// <summary>Rows of sample pictures, one person a row.</summary>
    public IReadOnlyList<IReadOnlyList<FaceSample>> Samples { get; init; } = [];

    /// <summary>The picture behind a row of the features, for the hardest pairs; without it they are left out.</summary>
    public Func<int, FaceSample>? Picture { get; init; }

    /// <summary>The report of a run's course alone.</summary>
    public static RunReport FromHistory(RunHistory history)
    {
        RunStart? start = history.Starts.Count > 0 ? history.Starts[^1] : null;
        List<KeyValuePair<string, string>> facts = start is null ? [] : [.. start.Facts];
        if (history.Starts.Count > 1) facts.Add(new("Went on from", $"iteration {string.Join(", ", history.Starts.Skip(1).Select(s => s.Iteration))}"));
        if (history.Snapshots.Count > 0) facts.Add(new("Last snapshot", history.Snapshots[^1].Model));
        return new RunReport
        {
            Title = start is { Net.Length: > 0 } ? start.Net : "Training",
            Subtitle = history.Training.Count > 0 ? $"{history.Training[^1].Iteration + 1} iterations" : null,
            Facts = facts,
            Training = history.Training,
            Tests = history.Tests,
            Angles = history.Angles,
        };
    }
}

/// <summary>A net and what it did on the protocol.</summary>
/// <param name="Name">"trained", "untrained", …</param>
/// <param name="Result">Its measures.</param>
public sealed record ReportNetwork(string Name, VerificationResult Result);
