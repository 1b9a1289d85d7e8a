using Atl.Proto;

namespace Atl.Data;

/// <summary>An endless numbered sequence of labeled images: what a data layer reads from.</summary>
internal interface IBatchSource : IDisposable
{
    /// <summary>The items [first, first + count) of the sequence. One thread calls at a time, mostly in
    /// order.</summary>
    /// <exception cref="AtlException">An item cannot be read.</exception>
    IReadOnlyList<BatchItem> Read(long first, int count);
}
