namespace Atl;

/// <summary>A blob of a run's result.</summary>
/// <remarks>As <see cref="SessionResult"/>: read it before the session runs again.</remarks>
public readonly struct SessionBlob
{
    private readonly SessionResult _result;
    private readonly Blob _blob;

    internal SessionBlob(SessionResult result, Blob blob) => (_result, _blob) = (result, blob);

    /// <summary>The blob's name.</summary>
    public string Name => _blob.Name;

    /// <summary>The shape that it has in this run.</summary>
    /// <exception cref="InvalidOperationException">The session has run again since.</exception>
    public Shape Shape
    {
        get
        {
            _result.CheckPresent();
            return _blob.Shape;
        }
    }

    /// <summary>A copy of the values in row-major order.</summary>
    /// <exception cref="InvalidOperationException">The session has run again since.</exception>
    public float[] ToArray()
    {
        _result.CheckPresent();
        return _blob.Data.ToArray();
    }

    /// <summary>Copies the values in row-major order.</summary>
    /// <exception cref="ArgumentException">There is no room for all.</exception>
    /// <exception cref="InvalidOperationException">The session has run again since.</exception>
    public void CopyTo(Span<float> destination)
    {
        _result.CheckPresent();
        _blob.Data.CopyTo(destination);
    }

    /// <summary>The values in row-major order, uncopied; valid until the session runs again.</summary>
    /// <exception cref="InvalidOperationException">The session has run again since.</exception>
    public ReadOnlyElementLoan Borrow()
    {
        _result.CheckPresent();
        return _blob.Data.Borrow();
    }
}
