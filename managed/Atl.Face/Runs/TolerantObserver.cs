using Atl.Logging;
using Atl.Proto;
using Atl.Solvers;
using Microsoft.Extensions.Logging;

namespace Atl.Face.Runs;

/// <summary>
/// An observer must not end a training run: when it fails in whatever way (a full disk, an odd value), the log says so
/// and training goes on without it.
/// </summary>
/// <param name="inner">The observer.</param>
/// <param name="what">What it writes, for the log.</param>
/// <param name="logger">The logger that is warned if the observer fails.</param>
/// <param name="owned">What is closed with it: a full disk fails there, too. Null for nothing.</param>
internal sealed class TolerantObserver(ISolverObserver inner, string what, ILogger logger, IDisposable? owned = null)
    : ISolverObserver, IDisposable
{
    private bool _failed;

    /// <inheritdoc/>
    public void OnForward(Solver solver) => Tell(() => inner.OnForward(solver));

    /// <inheritdoc/>
    public void OnIteration(Solver solver, SolverProgress progress) => Tell(() => inner.OnIteration(solver, progress));

    /// <inheritdoc/>
    public void OnTest(Solver solver, SolverTestResult result) => Tell(() => inner.OnTest(solver, result));

    /// <inheritdoc/>
    public void OnSnapshot(Solver solver, string model, string state) =>
        Tell(() => inner.OnSnapshot(solver, model, state));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (owned is not null) Try(owned.Dispose);
    }

    /// <summary>Does something else of the observer's in the same way, also when it has failed before: a disk may have
    /// room again.</summary>
    public void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            // Said once: what has failed before fails again when it is closed.
            if (_failed) return;
            _failed = true;
            string reason = FileFault.Is(e) || e is AtlException ? e.Message
                : $"{e.GetType().Name}: {e.Message}";
            logger.Error("tolerant_observer.cpp",
                $"{what} cannot be written, training continues without it: {reason.ReplaceLineEndings(" ")}");
        }
    }

    // A log that has lost a line, or an event file that holds half a record, does not go on.
    private void Tell(Action action)
    {
        if (!_failed) Try(action);
    }
}
