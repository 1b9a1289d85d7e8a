using Atl.Devices;
using Atl.Layers;
using Atl.Logging;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>
/// Trains a net: forward, backward, update, with the tests and snapshots that fall due, as Caffe's Solver does. What an
/// update does is up to the classes derived from it.
/// </summary>
/// <remarks>
/// Not for use by several threads at once; <see cref="SolverOptions.Actions"/> is how other threads reach a running
/// solver. A net of your own may share the parameters of <see cref="Net"/> (<see cref="Net.ShareTrainedLayersWith"/>)
/// and run on another thread between the solver's steps, not during one: steps write them. A solver that is forgotten,
/// not disposed, gives its memory back after the garbage collector has found it, which it does not while the solver
/// runs.
/// </remarks>
public abstract class Solver : IDisposable
{
    private readonly List<Net> _testNets = [];
    private readonly SolverSnapshots _snapshots;
    private readonly SolverTesting _testing;
    private readonly SolverLog _log;
    private Net? _net;
    private SmoothedLoss _smoothed;
    private SolverSpeed _speed = new();
    private bool _nonFinite, _disposed;

    /// <summary>Checks the settings; nets and whatever else there is to free come later
    /// (<see cref="Create"/>).</summary>
    /// <exception cref="AtlException">A setting does not fit.</exception>
    protected Solver(SolverParameter parameter, SolverOptions options)
    {
        SolverSettings.Check(parameter);
        // The layers of nets within it are copied once, as each net is built.
        Parameter = SourceMap.ShallowCopy(parameter);
        Options = options with { File = options.File ?? SourceMap.Find(parameter)?.File };
        _snapshots = new SolverSnapshots(this);
        _testing = new SolverTesting(this, _snapshots);
        _log = new SolverLog(this);
        _smoothed = new SmoothedLoss(Parameter.AverageLoss, 0);
    }

    /// <summary>The settings, with snapshot_prefix completed.</summary>
    public SolverParameter Parameter { get; }

    /// <summary>The options with which the solver runs.</summary>
    public SolverOptions Options { get; }

    /// <summary>The device on which operators run.</summary>
    /// <exception cref="InvalidOperationException">The solver was not made by <see cref="Create"/>.</exception>
    public Device Device { get => field ?? throw NotSetUp(); private set; }

    /// <summary>The net that is trained.</summary>
    /// <exception cref="InvalidOperationException">The solver was not made by <see cref="Create"/>.</exception>
    public Net Net => _net ?? throw NotSetUp();

    /// <summary>The test nets; their parameters are those of <see cref="Net"/> from their first test on.</summary>
    public IReadOnlyList<Net> TestNets => _testNets;

    /// <summary>The number of updates of the weights.</summary>
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

    /// <summary>The history that updates keep, in the order in which a snapshot holds it.</summary>
    public abstract IReadOnlyList<Tensor> History { get; }

    /// <summary>Whether the last <see cref="Step"/> ended because it was asked to stop.</summary>
    public bool StoppedEarly { get; private set; }

    /// <summary>Makes the solver that a message in the current format describes, its nets built.</summary>
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
        CheckAlive();
        if (Parameter.SnapshotAfterTrain) SnapshotFiles.CheckWritable(Parameter);
        _snapshots.Recover();
        Options.Logger.Info(SolverLog.Tag, $"Solving {Net.Name}");
        Options.Logger.Info(SolverLog.Tag, $"Learning Rate Policy: {Parameter.LrPolicy}");
        foreach (string warning in SolverSettings.Warnings(Parameter))
            Options.Logger.Warning(SolverLog.Tag, $"{warning}");
        StoppedEarly = false;
        if (snapshot is not null)
        {
            Options.Logger.Info(SolverLog.Tag, $"Restoring previous solver status from {snapshot}");
            Restore(snapshot);
            if (Iteration >= Parameter.MaxIter)
                Options.Logger.Warning(SolverLog.Tag,
                    $"the snapshot was taken after iteration {Iteration} and max_iter is "
                    + $"{Parameter.MaxIter}: nothing is left to train; raise max_iter");
        }
        Step(Parameter.MaxIter - Iteration);
        if (Parameter.SnapshotAfterTrain && !_snapshots.HasPresent) _snapshots.WriteLast();
        if (StoppedEarly)
        {
            if (!Parameter.SnapshotAfterTrain && Iteration > 0 && !_snapshots.HasPresent)
                Options.Logger.Warning(SolverLog.Tag,
                    $"training stopped after iteration {Iteration} without a snapshot, since "
                    + $"snapshot_after_train is false");
            Options.Logger.Info(SolverLog.Tag, $"Optimization stopped early.");
            return;
        }
        if (Parameter.Display > 0 && Iteration % Parameter.Display == 0)
        {
            _smoothed.Add(Net.Forward(), Iteration);
            Options.Logger.Info(SolverLog.Tag, $"Iteration {Iteration}, loss = {LogNumber.Format(SmoothedLoss)}");
        }
        if (Parameter.TestInterval > 0 && Iteration % Parameter.TestInterval == 0) TestAll();
        Options.Logger.Info(SolverLog.Tag, $"Optimization Done.");
    }

    /// <summary>Runs so many iterations, with the tests, displays and snapshots that fall due; ends early when asked to
    /// stop.</summary>
    /// <exception cref="SolverException">The loss or the gradient is not finite.</exception>
    public void Step(int iterations)
    {
        CheckAlive();
        StoppedEarly = false;
        int stop = Iteration + iterations;
        _smoothed = new SmoothedLoss(Parameter.AverageLoss, Iteration);
        _speed = new SolverSpeed();
        _log.Start();
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
                _snapshots.TryWrite();
            if (action != SolverAction.Stop) continue;
            StoppedEarly = true;
            return;
        }
    }

    /// <summary>Runs every test net; ends early when asked to stop.</summary>
    public void TestAll()
    {
        CheckAlive();
        StoppedEarly |= !_testing.RunAll();
    }

    /// <summary>Runs a test net over its test_iter batches with the present weights; null when asked to stop before the
    /// end.</summary>
    public SolverTestResult? Test(int test = 0)
    {
        CheckAlive();
        SolverTestResult? result = _testing.Run(test);
        StoppedEarly |= result is null;
        return result;
    }

    /// <summary>Writes the weights and the solver's state as <c>snapshot_prefix_iter_N</c>; returns the state's
    /// path.</summary>
    /// <exception cref="AtlException">A file cannot be written; the solver itself is unharmed and can go on or try
    /// again.</exception>
    public string Snapshot()
    {
        CheckAlive();
        return _snapshots.Write(isLast: false);
    }

    /// <summary>
    /// The state of the highest iteration that snapshot_prefix has on the disk, whether or not it can be resumed from;
    /// null where it has none.
    /// </summary>
    public string? LastSnapshotOnDisk => SnapshotPairs.Find(Parameter.SnapshotPrefix) is [var last, ..] ? last.StatePath
        : null;

    /// <summary>
    /// The newest snapshot of snapshot_prefix that can be resumed from: the highest iteration of which both files can
    /// be read and belong together. What is damaged is ignored with a warning. What a killed run has left
    /// unfinished is finished or removed.
    /// </summary>
    /// <returns>The state's path; null where there is no snapshot.</returns>
    /// <exception cref="SolverException">There are snapshots, and none can be resumed from: a new start would write
    /// over them.</exception>
    /// <exception cref="ObjectDisposedException">The solver was disposed.</exception>
    public string? FindSnapshot()
    {
        CheckAlive();
        return _snapshots.Find();
    }

    /// <summary>
    /// Takes up a snapshot: weights, history, iteration and, where Atl wrote it, the seed and the running state of
    /// every layer of every net, so that what follows is bit for bit what the uninterrupted run would have done. BVLC
    /// Caffe's states have no layer state: then the margin layer's count of forwards is set to what it must have been,
    /// and random draws and data start over.
    /// </summary>
    /// <exception cref="AtlException">The file is no solver state, or it does not fit this solver's net.</exception>
    public void Restore(string path)
    {
        CheckAlive();
        SolverState state = ProtoFiles.ReadSolverState(path);
        CheckHistory(state, path);
        SnapshotState.LoadWeights(this, state, path);
        Iteration = state.Iter;
        LoadHistory(state);
        SnapshotState.LoadRunning(this, state, path);
        _snapshots.SetPresent(path);
    }

    /// <summary>Frees the nets and the operators of the updates. Running, testing and snapshots are errors from then on
    /// (<see cref="ObjectDisposedException"/>).</summary>
    public void Dispose()
    {
        Dispose(true);
        _disposed = true;
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Builds the nets and sets up the updates; once, and with what it leaves behind where it fails
    /// (<see cref="SolverRegistry.Initialize"/>).
    /// </summary>
    internal void Initialize()
    {
        _snapshots.CompletePrefix();
        Options.Logger.Info(SolverLog.Tag, $"Initializing solver from parameters:\n{TextFormat.Print(Parameter)}");
        _snapshots.Check();
        Device = Options.Device ?? SolverDevice.Of(Parameter, Options.Logger);
        SolverNetMaker maker = new(Parameter, Options, Device);
        _net = maker.MakeTrainNet();
        maker.LoadWeights(_net);
        foreach (Net test in maker.MakeTestNets(_net)) _testNets.Add(test);
        Options.Logger.Info(SolverLog.Tag, $"Solver scaffolding done.");
        SetUp();
        _snapshots.ChooseFormat();
    }

    /// <summary>The state for a snapshot whose weights are in a file.</summary>
    internal SolverState SaveState(string model)
    {
        SolverState state = SnapshotState.Of(this, _testing.States, model);
        SaveHistory(state);
        return state;
    }

    /// <summary>
    /// Makes what updates need; the nets are built. Where it fails, <see cref="Dispose(bool)"/> frees what it has made
    /// so far.
    /// </summary>
    protected abstract void SetUp();

    /// <summary>Updates the weights from the gradients that have been accumulated, and returns the learning
    /// rate.</summary>
    protected abstract float ApplyUpdate();

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
        if (disposing) Disposal.All([.. _testNets, _net])?.Throw();
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
        if (!_nonFinite) Options.Logger.Warning(SolverLog.Tag, $"{what}, training continues: {where(Net)}");
        _nonFinite = true;
    }

    private void CheckAlive() => ObjectDisposedException.ThrowIf(_disposed, this);

    private float? Lambda() => Net.Layers.OfType<IAnnealedLayer>().FirstOrDefault()?.Lambda;

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
        if (display) _log.Display();
        float rate = ApplyUpdate();
        _speed.Stop(BatchSize * Parameter.IterSize);
        GC.KeepAlive(this);
        SolverProgress progress = new(Iteration++, Parameter.MaxIter, loss, SmoothedLoss, rate, Lambda(),
            _speed.SamplesPerSecond, _speed.IterationsPerSecond);
        foreach (ISolverObserver observer in Options.Observers) observer.OnIteration(this, progress);
    }

    private static InvalidOperationException NotSetUp() =>
        new("the solver has no nets: create it with Solver.Create, not with its constructor");
}
