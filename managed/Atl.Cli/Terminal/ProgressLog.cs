using Atl.Solvers;

namespace Atl.Cli.Terminal;

/// <summary>One line of progress every so many iterations, where there is no terminal for a
/// <see cref="ProgressLine"/>.</summary>
internal sealed class ProgressLog(TextWriter output) : ISolverObserver
{
    private const int LinesInAll = 20;

    public void OnIteration(Solver solver, SolverProgress progress)
    {
        int every = Math.Max(1, progress.MaxIterations / LinesInAll);
        if ((progress.Iteration + 1) % every == 0) output.WriteLine("  " + ProgressLine.Describe(progress, null));
    }
}
