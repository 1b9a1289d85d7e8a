using System.Collections.Concurrent;
using System.IO.Compression;
using System.Runtime.InteropServices;
using PureHDF.Filters;

namespace Atl.Proto;

/// <summary>
/// The filters of chunks, with limits: what a chunk is unpacked to is no larger than the chunk, whatever its bytes
/// claim. A chunk with skipped filters is read without them.
/// </summary>
internal static class Hdf5Filters
{
    // A filter that comes before another when a chunk is written may add a checksum.
    private const int Slack = 1 << 12;

    private const ushort Deflate = DeflateFilter.Id, Shuffle = ShuffleFilter.Id, Fletcher32 = Fletcher32Filter.Id,
        ScaleOffset = ScaleOffsetFilter.Id;

    private static readonly ConcurrentDictionary<ushort, bool> Named = new();

    // The usual ones of others (h5py's, PyTables', hdf5plugin's) and those of HDF5 that are left.
    private static readonly (ushort Id, string Name)[] Unsupported =
    [
        (4, "szip"), (5, "n-bit"), (305, "LZO"), (307, "bzip2"), (32000, "LZF"), (32001, "Blosc"), (32004, "LZ4"),
        (32008, "bitshuffle"), (32013, "ZFP"), (32015, "Zstandard"), (32026, "Blosc2"),
    ];

    // PureHDF reads a chunk and calls its filters, from the last to the first, on the same thread.
    [ThreadStatic] private static uint _mask;
    [ThreadStatic] private static int _next;

    /// <summary>Begins the filters of a chunk.</summary>
    /// <param name="mask">The filters to skip (bit 0: the first).</param>
    /// <param name="filters">How many there are.</param>
    public static void Begin(uint mask, int filters) => (_mask, _next) = (mask, filters);

    /// <summary>Takes note of a filter that is in a file, so that one that Atl lacks is an error that names
    /// it.</summary>
    public static void Name(ushort id, string name)
    {
        if (id is not (Deflate or Shuffle or Fletcher32 or ScaleOffset) && Named.TryAdd(id, true)
            && Unsupported.All(filter => filter.Id != id))
            H5Filter.Register(new Missing(id, name.Length == 0 ? "a filter without a name" : name));
    }

    /// <summary>Puts the limits on PureHDF's filters.</summary>
    public static void Register()
    {
        H5Filter.Register(new Limited(new DeflateFilter(), Inflate));
        H5Filter.Register(new Limited(new ShuffleFilter(), Unshuffle));
        H5Filter.Register(new Limited(new ScaleOffsetFilter(), Rescale));
        H5Filter.Register(new Limited(new Fletcher32Filter(), CheckSum));
        foreach ((ushort id, string name) in Unsupported) H5Filter.Register(new Missing(id, name));
    }

    // A copy is given then, since the next chunk is read to the same buffer.
    private static bool IsPassedOver() => _mask != 0 && (_mask >> --_next & 1) != 0;

    private static Memory<byte> Inflate(IH5Filter filter, FilterInfo info)
    {
        // MemoryMarshal gives an array for what PureHDF has read; anything else is copied.
        ArraySegment<byte> packed = MemoryMarshal.TryGetArray(info.Buffer, out ArraySegment<byte> array) ? array
            : info.Buffer.ToArray();
        using MemoryStream source = new(packed.Array!, packed.Offset, packed.Count);
        using ZLibStream stream = new(source, CompressionMode.Decompress);
        byte[] chunk = new byte[info.ChunkSize + Slack];
        int length = stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false);
        return length < chunk.Length ? chunk.AsMemory(0, length)
            : throw new AtlException(
                $"a chunk is unpacked to more than the {info.ChunkSize} bytes that it holds (damaged)");
    }

    private static Memory<byte> Unshuffle(IH5Filter filter, FilterInfo info) =>
        info.Parameters is [>= 1 and <= 1024, ..]
        ? filter.Filter(info)
        : throw new AtlException("a shuffled chunk without the size of its elements (damaged)");

    private static Memory<byte> Rescale(IH5Filter filter, FilterInfo info)
    {
        // The parameters' places of the number of elements and their size.
        const int Count = 2, Size = 4;
        return info.Parameters.Length > Size
            && (ulong)info.Parameters[Count] * info.Parameters[Size] <= (ulong)info.ChunkSize
            ? filter.Filter(info)
            : throw new AtlException(
                $"a chunk is unpacked to more than the {info.ChunkSize} bytes that it holds (damaged)");
    }

    // What PureHDF's filter gives lies in the buffer that it was read to, which the next chunk overwrites.
    private static Memory<byte> CheckSum(IH5Filter filter, FilterInfo info)
    {
        const int Sum = 4;
        return info.Buffer.Length >= Sum
            ? filter.Filter(info).ToArray()
            : throw new AtlException($"a chunk of {info.Buffer.Length} bytes, expected {Sum} for its checksum "
                + "(damaged)");
    }

    private sealed class Limited(IH5Filter filter, Func<IH5Filter, FilterInfo, Memory<byte>> read) : IH5Filter
    {
        public ushort FilterId => filter.FilterId;

        public string Name => filter.Name;

        public Memory<byte> Filter(FilterInfo info) =>
            !info.Flags.HasFlag(H5FilterFlags.Decompress) ? filter.Filter(info)
            : IsPassedOver() ? info.Buffer.ToArray()
            : Unpacked(info);

        public uint[] GetParameters(uint[] chunkDimensions, uint typeSize, Dictionary<string, object>? options) =>
            filter.GetParameters(chunkDimensions, typeSize, options);

        // PureHDF's filters throw whatever they meet, and PureHDF does not say which filter it was.
        private Memory<byte> Unpacked(FilterInfo info)
        {
            try
            {
                return read(filter, info);
            }
            catch (Exception e) when (e is not AtlException)
            {
                throw new AtlException($"a chunk cannot be unpacked by the filter {Name}: {e.Message} (damaged, or "
                    + "packed in a way that Atl does not know)", e);
            }
        }
    }

    // Says what a file is packed with; PureHDF would call it damaged.
    private sealed class Missing(ushort id, string name) : IH5Filter
    {
        public ushort FilterId => id;

        public string Name => name;

        public Memory<byte> Filter(FilterInfo info) => IsPassedOver() ? info.Buffer.ToArray() : throw new AtlException(
            $"an array is packed with {name} (HDF5's filter {id}), expected gzip, shuffle, Fletcher-32 or "
                + "scale-offset; repack it, for example with h5repack -f GZIP=4 IN OUT");

        public uint[] GetParameters(uint[] chunkDimensions, uint typeSize, Dictionary<string, object>? options) => [];
    }
}
