namespace Atl;

/// <summary>A blob of a run's result.</summary>
/// <remarks>As <see cref="SessionResult"/>: read it before the session runs again.</remarks>
public readonly struct SessionBlob
{
    private readonly SessionResult? _result;
    private readonly Blob? _blob;

    internal SessionBlob(SessionResult result, Blob blob) => (_result, _blob) = (result, blob);

    /// <summary>The blob's name.</summary>
    public string Name => _blob?.Name ?? throw NoBlob();

    /// <summary>The shape that it has in this run.</summary>
    /// <exception cref="InvalidOperationException">The session has run again since.</exception>
    public Shape Shape => Present().Shape;

    /// <summary>A copy of the values in row-major order.</summary>
    /// <exception cref="InvalidOperationException">The session has run again since.</exception>
    public float[] ToArray() => Present().Data.ToArray();

    /// <summary>Copies the values in row-major order.</summary>
    /// <exception cref="ArgumentException">There is no room for all.</exception>
    /// <exception cref="InvalidOperationException">The session has run again since.</exception>
    public void CopyTo(Span<float> destination) => Present().Data.CopyTo(destination);

    /// <summary>The values in row-major order, uncopied; valid until the session runs again. An open loan keeps its
    /// memory, also where the session is disposed.</summary>
    /// <exception cref="InvalidOperationException">The session has run again since.</exception>
    public ReadOnlyElementLoan Borrow() => Present().Data.Borrow();

    private Blob Present()
    {
        if (_result is null || _blob is null) throw NoBlob();
        _result.CheckPresent();
        return _blob;
    }

    private static InvalidOperationException NoBlob() =>
        new($"a {nameof(SessionBlob)} that no result gave has no values");
}
