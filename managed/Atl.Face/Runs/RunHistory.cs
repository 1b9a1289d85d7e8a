namespace Atl.Face.Runs;

/// <summary>The course of a run, by rising iteration. Where training went on from a snapshot, what had been read beyond it is dropped.</summary>
public sealed class RunHistory
{
    private readonly List<RunStart> _starts = [];
    private readonly List<TrainReading> _training = [];
    private readonly List<TestReading> _tests = [];
    private readonly List<AngleReading> _angles = [];
    private readonly List<SnapshotReading> _snapshots = [];

    /// <summary>The starts: the first one and every resumption.</summary>
    public IReadOnlyList<RunStart> Starts => _starts;

    /// <summary>Readings of training iterations.</summary>
    public IReadOnlyList<TrainReading> Training => _training;

    /// <summary>Readings of the test nets.</summary>
    public IReadOnlyList<TestReading> Tests => _tests;

    /// <summary>Angles in training batches.</summary>
    public IReadOnlyList<AngleReading> Angles => _angles;

    /// <summary>The snapshots.</summary>
    public IReadOnlyList<SnapshotReading> Snapshots => _snapshots;

    /// <summary>Takes up the next entry of a log.</summary>
    public void Add(RunEntry entry)
    {
        switch (entry)
        {
            case RunStart start:
                DropFrom(_starts, start.Iteration);
                DropFrom(_training, start.Iteration);
                DropFrom(_tests, start.Iteration);
                DropFrom(_angles, start.Iteration);
                // The snapshot of this very iteration is the one that the run goes on from.
                DropFrom(_snapshots, start.Iteration + 1);
                _starts.Add(start);
                break;
            case TrainReading reading:
                _training.Add(reading);
                break;
            case TestReading reading:
                _tests.Add(reading);
                break;
            case AngleReading reading:
                _angles.Add(reading);
                break;
            case SnapshotReading reading:
                _snapshots.Add(reading);
                break;
            default:
                throw new ArgumentException($"an entry of the unknown type {entry.GetType().Name}", nameof(entry));
        }
    }

    private static void DropFrom<T>(List<T> entries, int iteration)
        where T : RunEntry => entries.RemoveAll(entry => entry.Iteration >= iteration);
}
