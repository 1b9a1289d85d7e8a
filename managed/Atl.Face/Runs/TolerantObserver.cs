using Atl.Logging;
using Atl.Proto;
using Atl.Solvers;

namespace Atl.Face.Runs;

/// <summary>
/// An observer that writes files must not end a training run: when it fails (a full disk), the log says so and training goes on without it.
/// </summary>
/// <param name="inner">The observer.</param>
/// <param name="what">What it writes, for the log.</param>
public sealed class TolerantObserver(ISolverObserver inner, string what) : ISolverObserver
{
    private bool _failed;

    /// <inheritdoc/>
    public void OnForward(Solver solver) => Try(() => inner.OnForward(solver));

    /// <inheritdoc/>
    public void OnIteration(Solver solver, SolverProgress progress) => Try(() => inner.OnIteration(solver, progress));

    /// <inheritdoc/>
    public void OnTest(Solver solver, SolverTestResult result) => Try(() => inner.OnTest(solver, result));

    /// <inheritdoc/>
    public void OnSnapshot(Solver solver, string model, string state) => Try(() => inner.OnSnapshot(solver, model, state));

    private void Try(Action action)
    {
        if (_failed) return;
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or AtlException)
        {
            _failed = true;
            Log.Error($"{what} cannot be written, and training goes on without: {e.Message}");
        }
    }
}
