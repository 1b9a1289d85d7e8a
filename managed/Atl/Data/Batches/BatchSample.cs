namespace Atl.Data;

/// <summary>One sample of a batch, decoded: it knows the shape that it comes to, and writes itself into the
/// batch.</summary>
internal abstract class BatchSample : IDisposable
{
    /// <summary>The shape, channels × height × width.</summary>
    public abstract Shape Shape { get; }

    /// <summary>Writes the values, as many as <see cref="Shape"/> counts.</summary>
    /// <exception cref="Atl.Proto.AtlException">The sample does not fit the span (that of the batch's first
    /// sample).</exception>
    public abstract void WriteTo(Span<float> output);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
