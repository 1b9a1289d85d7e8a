namespace Atl.Solvers;

/// <summary>What somebody outside the training loop may ask of it.</summary>
internal enum SolverAction
{
    /// <summary>Nothing: go on.</summary>
    None,

    /// <summary>Finish this iteration, take a snapshot if snapshot_after_train says so, and stop.</summary>
    Stop,

    /// <summary>Take a snapshot after this iteration and go on.</summary>
    Snapshot,
}
