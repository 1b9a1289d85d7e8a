using System.Diagnostics;
using Atl.Devices;
using Atl.Layers;
using Atl.Logging;
using Atl.Nets;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>
/// Trains a net: forward, backward, update, with tests, snapshots and the log lines of Caffe's Solver. What an update
/// does is up to the classes derived from it.
/// </summary>
/// <remarks>Not for use by several threads at once; <see cref="SolverOptions.Actions"/> is how other threads reach a
/// running solver.</remarks>
public abstract class Solver : IDisposable
{
    private readonly SolverNets _nets;
    private readonly List<Net> _testNets = [];
    private SmoothedLoss _smoothed;
    private SolverSpeed _speed = new();
    private long _displayStart = Stopwatch.GetTimestamp();
    private int _displayIteration;
    private bool _nonFinite;
    private NetRunningState[]? _beforeTests;
    private bool _tooLargeForBinary;
    private readonly SnapshotFailures _failures = new();

    // The full path of the state on the disk that the solver is or was in: written or taken up.
    private string? _onDisk;

    /// <summary>Checks the settings and builds the nets.</summary>
    /// <exception cref="AtlException">A setting does not fit, or a net cannot be built.</exception>
    protected Solver(SolverParameter parameter, SolverOptions options)
    {
        SolverSettings.Check(parameter);
        Parameter = SourceMap.CloneWithPlaces(parameter);
        Options = options with { File = options.File ?? SourceMap.Find(parameter)?.File };
        CompleteSnapshotPrefix();
        Log.Info($"Initializing solver from parameters:\n{TextFormat.Print(Parameter)}");
        CheckSnapshots();
        Device = options.Device ?? SolverDevice.Of(Parameter);
        _nets = new SolverNets(Parameter, Options.File, options.TextFormat, text => Log.Info(text));
        _smoothed = new SmoothedLoss(Parameter.AverageLoss, 0);
        try
        {
            Net = MakeTrainNet(Parameter.RandomSeed >= 0 ? (ulong)Parameter.RandomSeed : NetOptions.NewSeed());
            MakeTestNets();
        }
        catch
        {
            Dispose();
            throw;
        }
        Log.Info("Solver scaffolding done.");
    }

    /// <summary>The settings, with snapshot_prefix completed.</summary>
    public SolverParameter Parameter { get; }

    /// <summary>How the solver is run.</summary>
    public SolverOptions Options { get; }

    /// <summary>Where operators run.</summary>
    public Device Device { get; }

    /// <summary>The net that is trained.</summary>
    public Net Net { get; }

    /// <summary>The test nets; their parameters are those of <see cref="Net"/> from their first test on.</summary>
    public IReadOnlyList<Net> TestNets => _testNets;

    /// <summary>How many times the weights have been updated.</summary>
    public int Iteration { get; private set; }

    /// <summary>The loss averaged over the last average_loss iterations.</summary>
    public float SmoothedLoss => _smoothed.Value;

    /// <summary>Samples in a forward: the first extent of what the first layer without bottoms makes; 1 where there is
    /// none.</summary>
    public long BatchSize
    {
        get
        {
            for (int i = 0; i < Net.Layers.Count; i++)
                if (Net.Bottoms(i).Count == 0 && Net.Tops(i).Count > 0)
                    return Net.Tops(i)[0].Shape.Legacy(0);
            return 1;
        }
    }

    /// <summary>Whether the last <see cref="Step"/> ended because it was asked to stop.</summary>
    public bool StoppedEarly { get; private set; }

    /// <summary>Makes the solver that a message in today's format describes, its nets built.</summary>
    /// <exception cref="AtlException">The type is unknown, a setting does not fit, or a net cannot be
    /// built.</exception>
    public static Solver Create(SolverParameter parameter, SolverOptions? options = null) =>
        SolverRegistry.Create(parameter, options ?? new SolverOptions());

    /// <summary>
    /// Trains until max_iter, from a snapshot where one is given, and takes a last snapshot unless snapshot_after_train
    /// is false; so it does where it is asked to stop.
    /// </summary>
    /// <exception cref="AtlException">The snapshot does not fit, the loss is not finite, or the last snapshot cannot be
    /// written.</exception>
    public void Solve(string? snapshot = null)
    {
        if (Parameter.SnapshotAfterTrain) SnapshotFiles.CheckWritable(Parameter);
        if (WantsSnapshots) SnapshotPairs.Recover(Parameter.SnapshotPrefix);
        Log.Info($"Solving {Net.Name}");
        Log.Info($"Learning Rate Policy: {Parameter.LrPolicy}");
        foreach (string warning in SolverSettings.Warnings(Parameter)) Log.Warning(warning);
        StoppedEarly = false;
        if (snapshot is not null)
        {
            Log.Info($"Restoring previous solver status from {snapshot}");
            Restore(snapshot);
            if (Iteration >= Parameter.MaxIter)
                Log.Warning($"the snapshot was taken after iteration {Iteration} and max_iter is "
                    + $"{Parameter.MaxIter}: nothing is left to train");
        }
        Step(Parameter.MaxIter - Iteration);
        if (Parameter.SnapshotAfterTrain && !IsOnDisk) LastSnapshot();
        if (StoppedEarly)
        {
            if (!Parameter.SnapshotAfterTrain && Iteration > 0 && !IsOnDisk)
                Log.Warning($"training stopped after iteration {Iteration} without a snapshot, since "
                    + $"snapshot_after_train is false");
            Log.Info("Optimization stopped early.");
            return;
        }
        if (Parameter.Display > 0 && Iteration % Parameter.Display == 0)
        {
            _smoothed.Add(Net.Forward(), Iteration);
            Log.Info($"Iteration {Iteration}, loss = {LogNumber.Format(SmoothedLoss)}");
        }
        if (Parameter.TestInterval > 0 && Iteration % Parameter.TestInterval == 0) TestAll();
        Log.Info("Optimization Done.");
    }

    /// <summary>Runs so many iterations, with the tests, displays and snapshots that fall due; ends early when asked to
    /// stop.</summary>
    /// <exception cref="SolverException">The loss or the gradient is not finite.</exception>
    public void Step(int iterations)
    {
        StoppedEarly = false;
        int stop = Iteration + iterations;
        _smoothed = new SmoothedLoss(Parameter.AverageLoss, Iteration);
        _speed = new SolverSpeed();
        _displayStart = Stopwatch.GetTimestamp();
        _displayIteration = Iteration;
        while (Iteration < stop)
        {
            if (Parameter.TestInterval > 0 && Iteration % Parameter.TestInterval == 0
                && (Iteration > 0 || Parameter.TestInitialization))
            {
                TestAll();
                if (StoppedEarly) return;
            }
            TrainOnce();
            SolverAction action = Options.Actions.Take();
            if (action == SolverAction.Snapshot || (Parameter.Snapshot > 0 && Iteration % Parameter.Snapshot == 0))
                TrySnapshot();
            if (action != SolverAction.Stop) continue;
            StoppedEarly = true;
            return;
        }
    }

    /// <summary>Runs every test net; ends early when asked to stop.</summary>
    public void TestAll()
    {
        // A snapshot that is asked for meanwhile resumes with these tests once more, so it holds their nets as they are
        // now.
        _beforeTests = TestStates();
        for (int test = 0; test < _testNets.Count && Test(test) is not null; test++)
        {
        }
        _beforeTests = null;
    }

    /// <summary>Runs a test net over its test_iter batches with the present weights; null when asked to stop before the
    /// end.</summary>
    public SolverTestResult? Test(int test = 0)
    {
        Log.Info($"Iteration {Iteration}, Testing net (#{test})");
        Net net = _testNets[test];
        net.ShareTrainedLayersWith(Net);
        int batches = Parameter.TestIter[test];
        double loss = 0;
        List<double> sums = [];
        for (int batch = 0; batch < batches; batch++)
        {
            SolverAction action = Options.Actions.Take();
            if (action == SolverAction.Snapshot)
            {
                TrySnapshot();
                action = Options.Actions.Take();
            }
            if (action == SolverAction.Stop)
            {
                StoppedEarly = true;
                Log.Info("Test interrupted.");
                return null;
            }
            loss += net.Forward();
            int score = 0;
            foreach (Blob output in net.Outputs)
                foreach (float value in output.Data.AsReadOnlySpan())
                {
                    if (score == sums.Count) sums.Add(0);
                    sums[score++] += value;
                }
        }
        if (Parameter.TestComputeLoss) Log.Info($"Test loss: {LogNumber.Format(loss / batches)}");
        List<SolverTestScore> scores = [];
        for (int i = 0; i < net.Outputs.Count; i++)
            for (long k = 0; k < net.Outputs[i].Count && scores.Count < sums.Count; k++)
                scores.Add(new SolverTestScore(net.Outputs[i].Name, sums[scores.Count] / batches,
                    net.OutputLossWeight(i)));
        for (int i = 0; i < scores.Count; i++)
            Log.Info($"    Test net output #{i}: {Describe(scores[i].Name, scores[i].Value, scores[i].LossWeight)}");
        SolverTestResult result = new(test, Iteration, Parameter.TestComputeLoss ? loss / batches : null, scores);
        foreach (ISolverObserver observer in Options.Observers) observer.OnTest(this, result);
        return result;
    }

    /// <summary>Writes the weights and the solver's state as <c>snapshot_prefix_iter_N</c>; returns the state's
    /// path.</summary>
    /// <exception cref="AtlException">A file cannot be written; the solver itself is unharmed and can go on or try
    /// again.</exception>
    public string Snapshot() => Snapshot(isLast: false);

    private string Snapshot(bool isLast)
    {
        bool hdf5 = SnapshotsAreHdf5;
        string model = SnapshotFiles.ModelPath(Parameter.SnapshotPrefix, Iteration, hdf5),
            state = SnapshotFiles.StatePath(Parameter.SnapshotPrefix, Iteration, hdf5);
        string format = hdf5 ? "HDF5" : "binary proto";
        Log.Info($"Snapshotting to {format} file {model}");
        Log.Info($"Snapshotting solver state to {format} file {state}");
        SnapshotFiles.Write(model, () => Net.ToProto(Parameter.SnapshotDiff), state, () =>
        {
            SolverState message = new() { Iter = Iteration, LearnedNet = model };
            NetRunningState running = Net.SaveState();
            message.RandomSeed = running.RandomSeed;
            message.LayerState.Add(running.LayerState);
            message.TestNetState.Add(_beforeTests ?? TestStates());
            SaveHistory(message);
            return message;
        }, isLast);
        _onDisk = Path.GetFullPath(state);
        if (Options.KeepSnapshots is { } keep) SnapshotPairs.RemoveOlder(Parameter.SnapshotPrefix, Iteration, keep);
        foreach (ISolverObserver observer in Options.Observers) observer.OnSnapshot(this, model, state);
        _failures.Clear(Iteration);
        return state;
    }

    /// <summary>
    /// The state of the highest iteration that snapshot_prefix has on the disk, whether or not it can be resumed from;
    /// null where it has none.
    /// </summary>
    public string? LastSnapshotOnDisk => SnapshotPairs.Find(Parameter.SnapshotPrefix) is [var last, ..] ? last.StatePath
        : null;

    /// <summary>
    /// The newest snapshot of snapshot_prefix that can be resumed from: the highest iteration of which both files can
    /// be read and belong together. What is damaged is passed over with a warning. What a killed run has left
    /// unfinished is finished or removed.
    /// </summary>
    /// <returns>The state's path; null where there is no snapshot.</returns>
    /// <exception cref="SolverException">There are snapshots, and none can be resumed from: to start anew would write
    /// over them.</exception>
    public string? FindSnapshot()
    {
        SnapshotPairs.Recover(Parameter.SnapshotPrefix);
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
                Log.Warning($"the snapshot of iteration {pair.Iteration} is passed over: "
                    + $"{SnapshotFailures.ReasonOf(e)}");
            }
        }
        if (pairs.Count == 0) return null;
        throw new SolverException($"none of the {pairs.Count} snapshots of {Parameter.SnapshotPrefix} can be "
            + "resumed from (see the warnings): repair them, "
            + "or move them away to start anew");
    }

    /// <summary>
    /// Takes up a snapshot: weights, history, iteration and, where Atl wrote it, the seed and the running state of
    /// every layer of every net, so that what follows is bit for bit what the uninterrupted run would have done. BVLC
    /// Caffe's states have no layer state: then the margin layer's count of forwards is set to what it must have been,
    /// and random draws and data start anew.
    /// </summary>
    /// <exception cref="AtlException">The file is no solver state, or it does not fit this solver's net.</exception>
    public void Restore(string path)
    {
        SolverState state = ProtoFiles.ReadSolverState(path);
        CheckHistory(state, path);
        if (state.HasLearnedNet)
        {
            string model = SnapshotFiles.FindModel(path, state);
            // Somebody may have edited the weights on purpose.
            if (SnapshotChecksums.Fault(state, model) is { } fault)
                Log.Warning($"{path}: {fault}; training goes on from them all the same");
            WeightsReport.Load(Net, [WeightsFile.Read(model, text => Log.Info(text))]).Warn();
        }
        else
            Log.Warning($"{path} names no weights: training goes on from those that the net has");
        Iteration = state.Iter;
        LoadHistory(state);
        NetRunningState running = new() { LayerState = { state.LayerState } };
        if (state.HasRandomSeed) running.RandomSeed = state.RandomSeed;
        Net.LoadState(running);
        for (int i = 0; i < Math.Min(_testNets.Count, state.TestNetState.Count); i++)
            _testNets[i].LoadState(state.TestNetState[i]);
        if (state.LayerState.Count == 0 && !state.HasRandomSeed) AssumeLayerState(path);
        _onDisk = Path.GetFullPath(path);
    }

    /// <summary>Frees the nets and the operators of the updates.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Updates the weights from the gradients that have been accumulated, and returns the learning
    /// rate.</summary>
    protected abstract float ApplyUpdate();

    /// <summary>
    /// Says once, before anything is trained, that snapshots will be HDF5 files though binary ones were asked for,
    /// because protobuf cannot hold them; and refuses what neither can hold, and layer names that HDF5 files cannot
    /// tell apart.
    /// </summary>
    /// <param name="history">The numbers of elements of the history's blobs.</param>
    /// <exception cref="SolverException">
    /// A parameter has more elements than a snapshot can hold, and snapshots are asked for.
    /// </exception>
    /// <exception cref="AtlException">HDF5 snapshots cannot tell two layers' names apart.</exception>
    protected void ChooseSnapshotFormat(IReadOnlyList<long> history)
    {
        SnapshotSize size = SnapshotSize.Of(Net, history, Parameter.SnapshotDiff);
        if (WantsSnapshots && size.Largest > Array.MaxLength)
            throw Error(SolverParameter.SnapshotFieldNumber,
                $"a parameter has {size.Largest:N0} elements, and snapshots hold at most {Array.MaxLength:N0} in "
                + "one; give snapshot: 0 and snapshot_after_train: false to train without");
        _tooLargeForBinary = Math.Max(size.Model, size.State) > Options.MostBinaryBytes;
        if (WantsSnapshots && _tooLargeForBinary
            && Parameter.SnapshotFormat != SolverParameter.Types.SnapshotFormat.Hdf5)
            Log.Warning($"snapshots will be HDF5 files (.caffemodel.h5, .solverstate.h5): the weights take "
                + $"{size.Model:N0} bytes and the solver's history "
                + $"{size.State:N0}, and binary files hold at most {Options.MostBinaryBytes:N0} (protobuf's limit)");
        if (SnapshotsAreHdf5) Net.CheckHdf5Names(Parameter.SnapshotDiff);
    }

    /// <summary>Writes the history into a state.</summary>
    protected abstract void SaveHistory(SolverState state);

    /// <summary>Checks that <see cref="LoadHistory"/> will find what it needs, before anything is changed.</summary>
    /// <exception cref="SolverException">The state is of another kind of solver or of another net.</exception>
    protected abstract void CheckHistory(SolverState state, string path);

    /// <summary>Takes up the history of a state that was checked.</summary>
    protected abstract void LoadHistory(SolverState state);

    /// <summary>Frees the nets and the operators of the updates.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        foreach (Net net in _testNets) net.Dispose();
        Net?.Dispose();
    }

    /// <summary>
    /// Stops training with an error about values that are not finite; where the options say to go on, warns once until
    /// a loss is finite again.
    /// </summary>
    /// <param name="what">What was found.</param>
    /// <param name="where">Finds where it began; asked only when it will be read.</param>
    protected void ReportNonFinite(string what, Func<Net, string> where)
    {
        if (!Options.ContinueOnNonFinite) throw new SolverException($"{what}: {where(Net)}");
        if (!_nonFinite) Log.Warning($"{what}, and training goes on: {where(Net)}");
        _nonFinite = true;
    }

    private bool SnapshotsAreHdf5 => Parameter.SnapshotFormat == SolverParameter.Types.SnapshotFormat.Hdf5
        || _tooLargeForBinary;

    private bool WantsSnapshots => Parameter.Snapshot > 0 || Parameter.SnapshotAfterTrain;

    // Whether the solver's present state has its file. Written anew it would be without one for a moment.
    private bool IsOnDisk =>
        _onDisk == Path.GetFullPath(SnapshotFiles.StatePath(Parameter.SnapshotPrefix, Iteration, SnapshotsAreHdf5));

    private NetRunningState[] TestStates() => [.. _testNets.Select(net => net.SaveState())];

    private float? Lambda() => Net.Layers.OfType<IAnnealedLayer>().FirstOrDefault()?.Lambda;

    private Net MakeTrainNet(ulong seed)
    {
        SolverNet train = _nets.Train();
        Log.Info($"Creating training net from {train.Source}");
        Net net = new(train.Parameter, new NetOptions { Device = Device, Phase = train.Phase, Seed = seed });
        if (!Enumerable.Range(0, net.Layers.Count).Any(net.NeedsBackward))
            Log.Warning("the training net learns nothing: no layer with parameters to learn lies below a loss");
        LoadWeights(net);
        return net;
    }

    private void MakeTestNets()
    {
        foreach (SolverNet test in _nets.Tests())
        {
            Log.Info($"Creating test net (#{_testNets.Count}) specified by {test.Source}");
            test.Parameter.DebugInfo |= Parameter.DebugInfo;
            // A seed of its own: a test net's random data must not be the training net's.
            ulong seed = Net.Seed + 1 + (ulong)_testNets.Count;
            Net net = new(test.Parameter, new NetOptions { Device = Device, Phase = test.Phase, Seed = seed });
            _testNets.Add(net);
            string[] own = [.. ParameterViews.WithoutSource(net, Net).Select(static layer => $"layer '{layer.Name}'")];
            if (own.Length > 0)
                Log.Warning($"test net #{_testNets.Count - 1}: the training net has no parameters for "
                    + $"{string.Join(", ", own)}, "
                    + "left at the fillers' values in every test");
        }
    }

    private void LoadWeights(Net net)
    {
        string[] names =
            [.. Parameter.Weights.SelectMany(list =>
                list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        if (names.Length == 0) return;
        WeightsReport.Load(net, names.Select(name =>
        {
            Log.Info($"Finetuning from {name}");
            return WeightsFile.Read(_nets.ResolveWeights(name), text => Log.Info(text));
        })).Warn();
    }

    private void CompleteSnapshotPrefix()
    {
        if (SnapshotPrefix.Of(Parameter, Options.File) is not { } prefix) return;
        if (Parameter.HasSnapshotPrefix && prefix == Parameter.SnapshotPrefix) return;
        Log.Info(Parameter.HasSnapshotPrefix ? $"snapshot_prefix was a directory and is replaced to {prefix}"
            : $"snapshot_prefix was not specified and is set to {prefix}");
        Parameter.SnapshotPrefix = prefix;
    }

    private void CheckSnapshots()
    {
        if (Parameter.Snapshot == 0) return;
        if (!Parameter.HasSnapshotPrefix)
            throw Error(SolverParameter.SnapshotFieldNumber, "snapshot is given, expected snapshot_prefix too");
        SnapshotFiles.CheckWritable(Parameter);
    }

    // A full disk, or whatever else, must not end a training run: the weights are in memory, and the next snapshot may
    // succeed.
    private void TrySnapshot()
    {
        try
        {
            Snapshot();
        }
        catch (Exception e)
        {
            _failures.Add(Iteration, e);
        }
    }

    // The last one is what the run is for.
    private void LastSnapshot()
    {
        try
        {
            Snapshot(isLast: true);
        }
        catch (Exception e)
        {
            string before = _onDisk is null ? "no snapshot was written before it"
                : $"the last one that was written is {_onDisk}";
            throw new SolverException(
                $"the last snapshot, of iteration {Iteration}, failed: {SnapshotFailures.ReasonOf(e)}; {before}", e);
        }
    }

    private SolverException Error(int field, string message) => SolverException.At(Parameter, field, message);

    // What the count of forwards must be where nothing but the iteration is known: every update took iter_size of them.
    private void AssumeLayerState(string path)
    {
        long forwards = (long)Iteration * Parameter.IterSize;
        List<ICountingLayer> annealed = [.. Net.Layers.OfType<ICountingLayer>()];
        Log.Warning(
            $"{path} holds no layer state (BVLC Caffe wrote it): data and random draws start anew"
            + (annealed.Count > 0 ? $", and margin layers take {forwards} forwards ({Iteration} updates) as done"
                : ""));
        foreach (ICountingLayer layer in annealed) layer.ResumeAfter(forwards);
    }

    private void TrainOnce()
    {
        bool display = Parameter.Display > 0 && Iteration % Parameter.Display == 0;
        _speed.Start();
        Net.DebugInfo = display && Parameter.DebugInfo;
        Net.ClearParameterDiffs();
        float loss = 0;
        for (int pass = 0; pass < Parameter.IterSize; pass++)
        {
            float part = Net.Forward();
            if (!float.IsFinite(part))
                ReportNonFinite($"the loss of iteration {Iteration} is {LogNumber.Format(part)}", NonFinite.FindInData);
            else
                _nonFinite = false;
            loss += part;
            if (pass == Parameter.IterSize - 1)
                foreach (ISolverObserver observer in Options.Observers) observer.OnForward(this);
            Net.Backward();
        }
        loss /= Parameter.IterSize;
        _smoothed.Add(loss, Iteration);
        if (display) Display();
        float rate = ApplyUpdate();
        _speed.Stop(BatchSize * Parameter.IterSize);
        SolverProgress progress = new(Iteration++, Parameter.MaxIter, loss, SmoothedLoss, rate, Lambda(),
            _speed.SamplesPerSecond, _speed.IterationsPerSecond);
        foreach (ISolverObserver observer in Options.Observers) observer.OnIteration(this, progress);
    }

    private void Display()
    {
        float seconds = (float)Stopwatch.GetElapsedTime(_displayStart).TotalSeconds;
        float rate = (Iteration - _displayIteration) / (seconds > 0 ? seconds : 1);
        Log.Info(
            $"Iteration {Iteration} ({LogNumber.Format(rate)} iter/s, "
                + $"{LogNumber.Format(seconds)}s/{Parameter.Display} iters), "
                + $"loss = {LogNumber.Format(SmoothedLoss)}");
        _displayStart = Stopwatch.GetTimestamp();
        _displayIteration = Iteration;
        int score = 0;
        for (int i = 0; i < Net.Outputs.Count; i++)
            foreach (float value in Net.Outputs[i].Data.AsReadOnlySpan())
                Log.Info($"    Train net output #{score++}: "
                    + $"{Describe(Net.Outputs[i].Name, value, Net.OutputLossWeight(i))}");
    }

    private static string Describe(string name, double value, float lossWeight) => lossWeight == 0
        ? $"{name} = {LogNumber.Format(value)}"
        : $"{name} = {LogNumber.Format(value)} (* {LogNumber.Format(lossWeight)} = "
            + $"{LogNumber.Format(lossWeight * value)} loss)";
}
