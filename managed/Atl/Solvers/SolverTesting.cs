using Atl.Logging;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>Runs a solver's test nets with the present weights of its training net.</summary>
internal sealed class SolverTesting(Solver solver, SolverSnapshots snapshots)
{
    private NetRunningState[]? _before;

    /// <summary>
    /// The running states of the test nets that a snapshot holds. One that is asked for during tests resumes with these
    /// tests once more, so it holds the nets as they were before them.
    /// </summary>
    public IReadOnlyList<NetRunningState> States => _before ?? PresentStates();

    /// <summary>Runs every test net; false when asked to stop before the end.</summary>
    public bool RunAll()
    {
        _before = PresentStates();
        int done = 0;
        while (done < solver.TestNets.Count && Run(done) is not null) done++;
        _before = null;
        return done == solver.TestNets.Count;
    }

    /// <summary>Runs a test net over its test_iter batches; null when asked to stop before the end.</summary>
    public SolverTestResult? Run(int test)
    {
        solver.Options.Logger.Info(SolverLog.Tag, $"Iteration {solver.Iteration}, Testing net (#{test})");
        Net net = solver.TestNets[test];
        net.ShareTrainedLayersWith(solver.Net);
        int batches = solver.Parameter.TestIter[test];
        double loss = 0;
        List<double> sums = [];
        for (int batch = 0; batch < batches; batch++)
        {
            if (IsAskedToStop())
            {
                solver.Options.Logger.Info(SolverLog.Tag, $"Test interrupted.");
                return null;
            }
            loss += net.Forward();
            AddOutputs(net, sums);
        }
        SolverTestResult result = new(
            test, solver.Iteration, solver.Parameter.TestComputeLoss ? loss / batches : null,
            Scores(net, sums, batches));
        SolverLog.Show(result, solver.Options.Logger);
        foreach (ISolverObserver observer in solver.Options.Observers) observer.OnTest(solver, result);
        return result;
    }

    private bool IsAskedToStop()
    {
        SolverAction action = solver.Options.Actions.Take();
        if (action == SolverAction.Snapshot)
        {
            snapshots.TryWrite();
            action = solver.Options.Actions.Take();
        }
        return action == SolverAction.Stop;
    }

    private static void AddOutputs(Net net, List<double> sums)
    {
        int score = 0;
        foreach (Blob output in net.Outputs)
            foreach (float value in output.Data.AsReadOnlySpan())
            {
                if (score == sums.Count) sums.Add(0);
                sums[score++] += value;
            }
    }

    private static List<SolverTestScore> Scores(Net net, List<double> sums, int batches)
    {
        List<SolverTestScore> scores = [];
        for (int i = 0; i < net.Outputs.Count; i++)
            for (long k = 0; k < net.Outputs[i].Count && scores.Count < sums.Count; k++)
                scores.Add(new SolverTestScore(
                    net.Outputs[i].Name, sums[scores.Count] / batches, net.OutputLossWeight(i)));
        return scores;
    }

    private NetRunningState[] PresentStates() => [.. solver.TestNets.Select(net => net.SaveState())];
}
