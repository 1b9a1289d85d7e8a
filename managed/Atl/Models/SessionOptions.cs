namespace Atl;

/// <summary>Options of a <see cref="Session"/>.</summary>
/// <remarks>Immutable; any number of threads may share it.</remarks>
public sealed record SessionOptions
{
    /// <summary>
    /// The CPU threads that one run of the session takes, itself among them; null for all cores (OMP_NUM_THREADS where
    /// that is set). More than there are count as all. Sessions of a process never take more than all at once: a run
    /// waits until its threads are free. One thread each is best for many small runs at once, all for one run after
    /// another.
    /// </summary>
    public int? Threads { get; init; }

    /// <summary>
    /// Inner blobs to keep, so that a run's result has them beside the outputs. Others give their memory to later
    /// blobs.
    /// </summary>
    public IReadOnlyCollection<string> Blobs
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Blobs));
    } = [];

    /// <summary>Whether every blob is kept. It costs the memory of all activations at once.</summary>
    public bool KeepAll { get; init; }
}
