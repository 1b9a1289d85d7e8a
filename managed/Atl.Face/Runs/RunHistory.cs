namespace Atl.Face.Runs;

/// <summary>The course of a run, by rising iteration. Where training went on from a snapshot, what had been read beyond
/// it is dropped.</summary>
internal sealed class RunHistory
{
    private readonly OrderedReadings<RunStart> _starts = new(_ => 0);
    private readonly OrderedReadings<TrainReading> _training = new(_ => 0);
    private readonly OrderedReadings<TestReading> _tests = new(test => test.Net);
    private readonly OrderedReadings<AngleReading> _angles = new(_ => 0);
    private readonly OrderedReadings<SnapshotReading> _snapshots = new(_ => 0);

    /// <summary>The starts: the first one and every resumption.</summary>
    public IReadOnlyList<RunStart> Starts => _starts.List;

    /// <summary>Readings of training iterations.</summary>
    public IReadOnlyList<TrainReading> Training => _training.List;

    /// <summary>Readings of the test nets.</summary>
    public IReadOnlyList<TestReading> Tests => _tests.List;

    /// <summary>Angles in training batches.</summary>
    public IReadOnlyList<AngleReading> Angles => _angles.List;

    /// <summary>The snapshots.</summary>
    public IReadOnlyList<SnapshotReading> Snapshots => _snapshots.List;

    /// <summary>Takes up the next entry of a log; one that comes too late is put where it belongs.</summary>
    public void Add(RunEntry entry) => Take(entry);

    /// <summary>Takes up the next entry of a log.</summary>
    /// <returns>What is odd about its place; null where it follows those before.</returns>
    internal string? Take(RunEntry entry)
    {
        switch (entry)
        {
            case RunStart start:
                _starts.DropFrom(start.Iteration);
                _training.DropFrom(start.Iteration);
                _tests.DropFrom(start.Iteration);
                _angles.DropFrom(start.Iteration);
                // The snapshot of this very iteration is the one that the run goes on from.
                _snapshots.DropFrom(start.Iteration + 1L);
                return _starts.Add(start);
            case TrainReading reading:
                return _training.Add(reading);
            case TestReading reading:
                return _tests.Add(reading);
            case AngleReading reading:
                return _angles.Add(reading);
            case SnapshotReading reading:
                // A signal may ask for a snapshot where one is due anyway.
                _snapshots.Add(reading);
                return null;
            default:
                throw new ArgumentException($"an entry of the unknown type {entry.GetType().Name}", nameof(entry));
        }
    }
}
