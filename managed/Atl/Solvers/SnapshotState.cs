using Atl.Layers;
using Atl.Logging;
using Atl.Nets;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>The parts of a solver in a snapshot's state beside its history: weights, seed and running states.</summary>
internal static class SnapshotState
{
    /// <summary>The state of a solver, without its history.</summary>
    /// <param name="solver">The solver.</param>
    /// <param name="tests">The running states of its test nets.</param>
    /// <param name="model">The path of the weights.</param>
    public static SolverState Of(Solver solver, IReadOnlyList<NetRunningState> tests, string model)
    {
        NetRunningState running = solver.Net.SaveState();
        SolverState state = new() { Iter = solver.Iteration, LearnedNet = model, RandomSeed = running.RandomSeed };
        state.LayerState.Add(running.LayerState);
        state.TestNetState.Add(tests);
        return state;
    }

    /// <summary>Loads the weights that belong to a state.</summary>
    /// <exception cref="AtlException">They are not there or do not fit the net.</exception>
    public static void LoadWeights(Solver solver, SolverState state, string path)
    {
        if (!state.HasLearnedNet)
        {
            solver.Options.Logger.Warning(SolverLog.Tag,
                $"{path} names no weights: training continues from the net's own");
            return;
        }
        string model = SnapshotFiles.FindModel(path, state);
        // Somebody may have edited the weights on purpose.
        if (SnapshotChecksums.Fault(state, model) is { } fault)
            solver.Options.Logger.Warning(SolverLog.Tag, $"{path}: {fault}; training continues from them");
        WeightsReport.Load(solver.Net,
            [WeightsFile.Read(model, text => solver.Options.Logger.Info(SolverLog.Tag, $"{text}"))]).Warn();
    }

    /// <summary>Loads seeds and running states into the nets of a solver that is at the state's iteration.</summary>
    public static void LoadRunning(Solver solver, SolverState state, string path)
    {
        NetRunningState running = new() { LayerState = { state.LayerState } };
        if (state.HasRandomSeed) running.RandomSeed = state.RandomSeed;
        solver.Net.LoadState(running);
        for (int i = 0; i < Math.Min(solver.TestNets.Count, state.TestNetState.Count); i++)
            solver.TestNets[i].LoadState(state.TestNetState[i]);
        if (state.LayerState.Count == 0 && !state.HasRandomSeed) Assume(solver, path);
    }

    // What the count of forwards must be where nothing but the iteration is known: every update took iter_size of them.
    private static void Assume(Solver solver, string path)
    {
        long forwards = (long)solver.Iteration * solver.Parameter.IterSize;
        List<ICountingLayer> annealed = [.. solver.Net.Layers.OfType<ICountingLayer>()];
        solver.Options.Logger.Warning(SolverLog.Tag,
            $"{path} has no layer state (BVLC Caffe wrote it): data and random draws start over"
            + $"{(annealed.Count == 0 ? ""
                : $", and margin layers take {forwards} forwards ({solver.Iteration} updates) as done")}");
        foreach (ICountingLayer layer in annealed) layer.ResumeAfter(forwards);
    }
}
