namespace Atl.Solvers;

/// <summary>Is told how training goes, on the training thread: progress lines, reports, event files.</summary>
public interface ISolverObserver
{
    /// <summary>An iteration is done and the weights are updated.</summary>
    void OnIteration(Solver solver, SolverProgress progress)
    {
    }

    /// <summary>A test net has been run.</summary>
    void OnTest(Solver solver, SolverTestResult result)
    {
    }

    /// <summary>A snapshot is complete on the disk.</summary>
    void OnSnapshot(Solver solver, string model, string state)
    {
    }
}
