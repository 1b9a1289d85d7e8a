namespace Atl.Data;

/// <summary>One image of a data source, ready to be transformed.</summary>
public abstract class ItemImage : IDisposable
{
    /// <summary>The pixels; valid until disposal.</summary>
    public abstract PixelView View { get; }

    /// <inheritdoc/>
    public abstract void Dispose();
}
