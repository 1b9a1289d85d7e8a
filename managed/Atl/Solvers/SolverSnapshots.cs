using Atl.Logging;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>The snapshots of a solver: where they go, in which format, and which of them is its present
/// state.</summary>
internal sealed class SolverSnapshots(Solver solver)
{
    private readonly SnapshotFailures _failures = new(solver.Options.Logger);
    private readonly HashSet<string> _stuck = new(StringComparer.Ordinal);
    private bool _tooLargeForBinary;

    // The full path of the state on the disk that the solver is or was in: written or taken up.
    private string? _onDisk;

    /// <summary>Whether the solver's present state has its file. Written again, it would be without one for a
    /// moment.</summary>
    public bool HasPresent => _onDisk == Path.GetFullPath(
        SnapshotFiles.StatePath(Parameter.SnapshotPrefix, solver.Iteration, AreHdf5));

    /// <summary>Whether training is to write any.</summary>
    public bool AreWanted => Parameter.Snapshot > 0 || Parameter.SnapshotAfterTrain;

    private bool AreHdf5 => Parameter.SnapshotFormat == SolverParameter.Types.SnapshotFormat.Hdf5
        || _tooLargeForBinary;

    private SolverParameter Parameter => solver.Parameter;

    /// <summary>Gives snapshot_prefix what Caffe completes it with.</summary>
    public void CompletePrefix()
    {
        if (SnapshotPrefix.Of(Parameter, solver.Options.File) is not { } prefix) return;
        if (Parameter.HasSnapshotPrefix && prefix == Parameter.SnapshotPrefix) return;
        solver.Options.Logger.Info(SolverLog.Tag, $"snapshot_prefix was "
            + $"{(Parameter.HasSnapshotPrefix ? "a directory and is replaced" : "not specified and is set")} to "
            + $"{prefix}");
        Parameter.SnapshotPrefix = prefix;
    }

    /// <summary>Checks that snapshots can be written where they are asked for.</summary>
    /// <exception cref="SolverException">They cannot.</exception>
    public void Check()
    {
        if (Parameter.Snapshot == 0) return;
        if (!Parameter.HasSnapshotPrefix) throw Error("snapshot is given, expected snapshot_prefix too");
        SnapshotFiles.CheckWritable(Parameter);
    }

    /// <summary>
    /// Says once, before anything is trained, that snapshots will be HDF5 files though binary ones were asked for,
    /// because protobuf cannot hold them; and refuses what neither can hold, and layer names that HDF5 files cannot
    /// tell apart.
    /// </summary>
    /// <exception cref="SolverException">
    /// A parameter has more elements than a snapshot can hold, and snapshots are asked for.
    /// </exception>
    /// <exception cref="AtlException">Two layers' names collide in HDF5 snapshots.</exception>
    public void ChooseFormat()
    {
        long most = solver.Options.MostBinaryBytes;
        SnapshotSize size = SnapshotSize.Of(
            solver.Net, [.. solver.History.Select(history => history.Count)], Parameter.SnapshotDiff);
        if (AreWanted && size.Largest > Array.MaxLength)
            throw Error($"a parameter has {size.Largest:N0} elements, and snapshots hold at most "
                + $"{Array.MaxLength:N0} in one; give snapshot: 0 and snapshot_after_train: false to train without");
        _tooLargeForBinary = Math.Max(size.Model, size.State) > most;
        if (AreWanted && _tooLargeForBinary
            && Parameter.SnapshotFormat != SolverParameter.Types.SnapshotFormat.Hdf5)
            solver.Options.Logger.Warning(SolverLog.Tag,
                $"snapshots will be HDF5 files (.caffemodel.h5, .solverstate.h5): the weights take "
                + $"{size.Model:N0} bytes and the solver's history {size.State:N0}, and binary files hold at most "
                + $"{most:N0} (protobuf's limit)");
        if (AreHdf5) solver.Net.CheckHdf5Names(Parameter.SnapshotDiff);
    }

    /// <summary>Finishes or removes what a killed run has left of this prefix, where snapshots are to be
    /// written.</summary>
    public void Recover()
    {
        if (AreWanted) SnapshotPairs.Recover(Parameter.SnapshotPrefix, solver.Options.Logger);
    }

    /// <summary>Takes note that the solver is in the state of a file.</summary>
    public void SetPresent(string state) => _onDisk = Path.GetFullPath(state);

    /// <summary>Writes the weights and the solver's state; returns the state's path.</summary>
    /// <exception cref="AtlException">A file cannot be written.</exception>
    public string Write(bool isLast)
    {
        bool hdf5 = AreHdf5;
        int iteration = solver.Iteration;
        string model = SnapshotFiles.ModelPath(Parameter.SnapshotPrefix, iteration, hdf5),
            state = SnapshotFiles.StatePath(Parameter.SnapshotPrefix, iteration, hdf5);
        string format = hdf5 ? "HDF5" : "binary proto";
        solver.Options.Logger.Info(SolverLog.Tag, $"Snapshotting to {format} file {model}");
        solver.Options.Logger.Info(SolverLog.Tag, $"Snapshotting solver state to {format} file {state}");
        try
        {
            SnapshotFiles.Write(
                model, () => solver.Net.ToProto(Parameter.SnapshotDiff), state, () => solver.SaveState(model), isLast);
        }
        catch (Exception e) when (DiskFault.IsFullBeneath(e))
        {
            throw new SolverException($"{SnapshotFailures.ReasonOf(e)}; {MakeRoom()}", e);
        }
        SetPresent(state);
        if (solver.Options.KeepSnapshots is { } keep)
            SnapshotPairs.RemoveOlder(Parameter.SnapshotPrefix, iteration, keep, _stuck, solver.Options.Logger);
        foreach (ISolverObserver observer in solver.Options.Observers) observer.OnSnapshot(solver, model, state);
        _failures.Clear(iteration);
        return state;
    }

    /// <summary>
    /// Writes a snapshot if it can. A full disk, or whatever else, must not end a training run: the weights are in
    /// memory, and the next snapshot may succeed.
    /// </summary>
    public void TryWrite()
    {
        try
        {
            Write(isLast: false);
        }
        catch (Exception e)
        {
            _failures.Add(solver.Iteration, e);
        }
    }

    /// <summary>Writes the last snapshot, which is what the run is for.</summary>
    /// <exception cref="SolverException">It cannot be written.</exception>
    public void WriteLast()
    {
        try
        {
            Write(isLast: true);
        }
        catch (Exception e)
        {
            string before = _onDisk is null ? "no snapshot was written before it"
                : $"the last one that was written is {_onDisk}";
            throw new SolverException($"the last snapshot, of iteration {solver.Iteration}, failed: "
                + $"{SnapshotFailures.ReasonOf(e)}; {before}", e);
        }
    }

    /// <summary>The newest snapshot that can be resumed from (<see cref="Solver.FindSnapshot"/>).</summary>
    /// <exception cref="SolverException">There are snapshots, and none can be resumed from.</exception>
    public string? Find()
    {
        SnapshotPairs.Recover(Parameter.SnapshotPrefix, solver.Options.Logger);
        IReadOnlyList<SnapshotPair> pairs = SnapshotPairs.Find(Parameter.SnapshotPrefix);
        foreach (SnapshotPair pair in pairs)
        {
            try
            {
                SnapshotPairs.Verify(pair);
                return pair.StatePath;
            }
            catch (Exception e)
            {
                solver.Options.Logger.Warning(SolverLog.Tag,
                    $"the snapshot of iteration {pair.Iteration} is ignored: "
                    + $"{SnapshotFailures.ReasonOf(e)}");
            }
        }
        if (pairs.Count == 0) return null;
        throw new SolverException($"none of the {pairs.Count} snapshots of {Parameter.SnapshotPrefix} can be resumed "
            + "from (see the warnings): repair them, or move them away to start over");
    }

    private string MakeRoom() => solver.Options.KeepSnapshots is { } keep
        ? $"-keep_snapshots {keep} needs room for {keep + 1}, as older ones are removed when the new one is on the "
            + $"disk: free room{(keep > 1 ? ", or give a lower number" : "")}"
        : "free room, or give -keep_snapshots N, which removes older snapshots";

    private SolverException Error(string message) =>
        SolverException.At(Parameter, SolverParameter.SnapshotFieldNumber, message);
}
