namespace Atl;

/// <summary>
/// The blobs that a run computed, in the session's own memory. Copy what you need before the session runs again: from
/// then on, reading it is an error.
/// </summary>
/// <remarks>Any number of threads may read it at once, as long as none runs or disposes the session.</remarks>
public sealed class SessionResult
{
    private readonly Session _session;
    private readonly long _run;

    internal SessionResult(Session session, long run) => (_session, _run) = (session, run);

    /// <summary>The outputs' names, sorted, and those of the inner blobs that the session keeps.</summary>
    public IReadOnlyList<string> Names => _session.ResultNames;

    /// <summary>A blob of the run.</summary>
    /// <exception cref="NetException">The net has no such blob, or the session does not keep it
    /// (<see cref="SessionOptions.Blobs"/>).</exception>
    /// <exception cref="InvalidOperationException">The session has run again since.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public SessionBlob this[string name] => new(this, _session.KeptBlob(name, _run));

    /// <summary>Refuses to read what a later run has overwritten.</summary>
    internal void CheckPresent() => _session.CheckPresent(_run);
}
