using Atl.Proto;
using Atl.Solvers;

namespace Atl;

/// <summary>Trains the net of a solver prototxt, as <c>atl train</c> does.</summary>
/// <example>
/// <code>
/// using Trainer trainer = Trainer.Load("face_solver.prototxt");
/// trainer.Step(1000);
/// Console.WriteLine($"iteration {trainer.Iteration}: loss {trainer.Loss}");
/// trainer.Snapshot();
/// </code>
/// </example>
/// <remarks>For one thread at a time. Cancellation tokens may be canceled from any thread.</remarks>
public sealed class Trainer : IDisposable
{
    private readonly SolverActionSource _actions;

    /// <summary>A trainer of a solver in the current format, its nets built.</summary>
    /// <exception cref="AtlException">A setting does not fit, or a net cannot be built.</exception>
    public Trainer(SolverParameter parameter, SolverOptions? options = null)
    {
        SolverOptions given = options ?? new SolverOptions();
        _actions = given.Actions;
        Solver = Solver.Create(parameter, given);
    }

    /// <summary>The solver beneath: settings, nets, tests.</summary>
    public Solver Solver { get; }

    /// <summary>The number of updates of the weights.</summary>
    public int Iteration => Solver.Iteration;

    /// <summary>The loss averaged over the last average_loss iterations.</summary>
    public float Loss => Solver.SmoothedLoss;

    /// <summary>Reads a solver prototxt and builds its nets.</summary>
    /// <param name="solver">The file; old formats are upgraded. Files that it names are looked for from the working
    /// folder, nets also beside it.</param>
    /// <param name="options">Device, log, observers and the rest; null for the defaults.</param>
    /// <exception cref="AtlException">A file is missing or something else, or a net cannot be built; the message names
    /// file, place and layer.</exception>
    public static Trainer Load(string solver, SolverOptions? options = null)
    {
        SolverOptions given = options ?? new SolverOptions();
        SolverParameter parameter = ProtoFiles.ReadSolver(solver,
            Nets.NetLoader.TextFormat(given.TextFormat, given.Logger));
        return new Trainer(parameter, given with { File = given.File ?? solver });
    }

    /// <summary>Trains until max_iter, with the tests and snapshots that fall due, and takes the last snapshot unless
    /// snapshot_after_train is false.</summary>
    /// <param name="cancellation">Ends training after the iteration that runs; the last snapshot is taken
    /// then, too.</param>
    /// <exception cref="OperationCanceledException">It was canceled, and the snapshot is written.</exception>
    /// <exception cref="AtlException">The loss is not finite, or the last snapshot cannot be written.</exception>
    public void Train(CancellationToken cancellation = default) => Run(() => Solver.Solve(), cancellation);

    /// <summary>Takes up a snapshot (<see cref="Solver.Restore"/>).</summary>
    /// <param name="state">The state's file (.solverstate).</param>
    /// <exception cref="AtlException">The file is no solver state, or does not fit the net.</exception>
    public void Resume(string state) => Solver.Restore(state);

    /// <summary>Takes up the newest complete snapshot of snapshot_prefix, if there is one.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="AtlException">There are snapshots, and none can be resumed from.</exception>
    public bool ResumeNewest()
    {
        if (Solver.FindSnapshot() is not { } state) return false;
        Solver.Restore(state);
        return true;
    }

    /// <summary>Runs so many iterations, with the tests, displays and snapshots that fall due.</summary>
    /// <param name="iterations">How many.</param>
    /// <param name="cancellation">Ends after the iteration that runs.</param>
    /// <returns>The smoothed loss.</returns>
    /// <exception cref="OperationCanceledException">It was canceled; the trainer can go on.</exception>
    /// <exception cref="SolverException">The loss or the gradient is not finite.</exception>
    public float Step(int iterations = 1, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iterations);
        Run(() => Solver.Step(iterations), cancellation);
        return Loss;
    }

    /// <summary>Writes the weights and the solver's state as <c>snapshot_prefix_iter_N</c>.</summary>
    /// <returns>The state's file.</returns>
    /// <exception cref="AtlException">A file cannot be written; the trainer is unharmed.</exception>
    public string Snapshot() => Solver.Snapshot();

    /// <summary>A model of the net's present weights, to run a deploy prototxt with them; later steps do not change
    /// it.</summary>
    /// <param name="deploy">The net to run, whose layers have the names of the trained net's.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="NetException">A layer of the net to run is not among the trained ones.</exception>
    public Model ToModel(string deploy, ModelOptions? options = null)
    {
        options ??= new ModelOptions();
        NetParameter net = ProtoFiles.ReadNet(deploy, Nets.NetLoader.TextFormat(options.TextFormat, options.Logger));
        return new Model(net, [new Nets.WeightsFile("the trained net", Solver.Net.ToProto())], options);
    }

    /// <summary>Frees the nets.</summary>
    public void Dispose() => Solver.Dispose();

    private void Run(Action work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using (cancellation.Register(() => _actions.Request(SolverAction.Stop)))
            work();
        // A request that came too late is not the next call's.
        if (cancellation.IsCancellationRequested && !Solver.StoppedEarly) _actions.TakeStop();
        if (Solver.StoppedEarly) cancellation.ThrowIfCancellationRequested();
    }
}
