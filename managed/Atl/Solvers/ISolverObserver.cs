namespace Atl.Solvers;

/// <summary>Receives the progress of training, on the training thread: progress lines, reports, event files.</summary>
public interface ISolverObserver
{
    /// <summary>
    /// The last forward of the iteration <see cref="Solver.Iteration"/> is done and its backward has not begun: every
    /// activation of <see cref="Solver.Net"/> is there to be read.
    /// </summary>
    void OnForward(Solver solver)
    {
    }

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
