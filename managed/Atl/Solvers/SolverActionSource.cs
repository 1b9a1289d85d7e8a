namespace Atl.Solvers;

/// <summary>
/// Carries requests from signal handlers or other threads to a running solver, which asks for them between iterations
/// and between the batches of a test. (Caffe's action callback: by default SIGINT asks for
/// <see cref="SolverAction.Stop"/>, SIGHUP for <see cref="SolverAction.Snapshot"/>.)
/// </summary>
internal sealed class SolverActionSource
{
    private int _snapshot;
    private int _stop;

    /// <summary>Asks for an action; may be called from any thread. Asking twice before the solver looks is asking
    /// once.</summary>
    public void Request(SolverAction action)
    {
        switch (action)
        {
            case SolverAction.Snapshot:
                Volatile.Write(ref _snapshot, 1);
                break;
            case SolverAction.Stop:
                Volatile.Write(ref _stop, 1);
                break;
            case SolverAction.None:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, "unknown action");
        }
    }

    /// <summary>Takes a request to stop away that nobody has seen.</summary>
    internal void TakeStop() => Volatile.Write(ref _stop, 0);

    /// <summary>Takes a request away and returns it: a snapshot first, then a stop, then none.</summary>
    public SolverAction Take()
    {
        if (Interlocked.Exchange(ref _snapshot, 0) != 0) return SolverAction.Snapshot;
        return Interlocked.Exchange(ref _stop, 0) != 0 ? SolverAction.Stop : SolverAction.None;
    }
}
