namespace Atl.Proto;

/// <summary>
/// The chunks of an HDF5 file that were stored without some of their array's filters, as HDF5 does where packing would
/// make a chunk larger. A chunk's filter mask says so (bit 0: the first filter).
/// </summary>
internal sealed class Hdf5SkippedFilters
{
    private readonly Dictionary<long, (uint Mask, int Filters)> _chunks = [];

    /// <summary>Adds a chunk.</summary>
    /// <param name="at">The place of its bytes in the file.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="filters">The number of filters.</param>
    public void Add(long at, uint mask, int filters) => _chunks[at] = (mask, filters);

    /// <summary>The mask of the chunk at a place, and the number of its filters; zeros for a chunk that all filters
    /// were applied to.</summary>
    public (uint Mask, int Filters) Of(long at) => _chunks.GetValueOrDefault(at);
}
