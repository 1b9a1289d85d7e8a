namespace Atl.Solvers;

/// <summary>A request to the training loop from outside.</summary>
internal enum SolverAction
{
    /// <summary>Nothing: go on.</summary>
    None,

    /// <summary>Finish this iteration, take a snapshot if snapshot_after_train says so, and stop.</summary>
    Stop,

    /// <summary>Take a snapshot after this iteration and go on.</summary>
    Snapshot,
}
