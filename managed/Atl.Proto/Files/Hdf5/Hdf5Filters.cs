using System.IO.Compression;
using System.Runtime.InteropServices;
using PureHDF.Filters;

namespace Atl.Proto;

/// <summary>
/// The filters of chunks, with limits: what a chunk is unpacked to is no larger than the chunk, whatever its bytes
/// claim.
/// </summary>
internal static class Hdf5Filters
{
    // A filter that comes before another when a chunk is written may add a checksum.
    private const int Slack = 1 << 12;

    // The usual ones of others (h5py's, PyTables', hdf5plugin's) and those of HDF5 that are left.
    private static readonly (ushort Id, string Name)[] Unsupported =
    [
        (4, "szip"), (5, "n-bit"), (305, "LZO"), (307, "bzip2"), (32000, "LZF"), (32001, "Blosc"), (32004, "LZ4"),
        (32008, "bitshuffle"), (32013, "ZFP"), (32015, "Zstandard"), (32026, "Blosc2"),
    ];

    /// <summary>Puts the limits on PureHDF's filters.</summary>
    public static void Register()
    {
        H5Filter.Register(new Limited(new DeflateFilter(), Inflate));
        H5Filter.Register(new Limited(new ShuffleFilter(), Unshuffle));
        H5Filter.Register(new Limited(new ScaleOffsetFilter(), Rescale));
        H5Filter.Register(new Limited(new Fletcher32Filter(), CheckSum));
        foreach ((ushort id, string name) in Unsupported) H5Filter.Register(new Missing(id, name));
    }

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
            info.Flags.HasFlag(H5FilterFlags.Decompress) ? read(filter, info) : filter.Filter(info);

        public uint[] GetParameters(uint[] chunkDimensions, uint typeSize, Dictionary<string, object>? options) =>
            filter.GetParameters(chunkDimensions, typeSize, options);
    }

    // Says what a file is packed with; PureHDF would call it damaged.
    private sealed class Missing(ushort id, string name) : IH5Filter
    {
        public ushort FilterId => id;

        public string Name => name;

        public Memory<byte> Filter(FilterInfo info) => throw new AtlException(
            $"an array is packed with {name} (HDF5's filter {id}), expected gzip, shuffle, Fletcher-32 or "
                + "scale-offset; repack it, for example with h5repack -f GZIP=4 IN OUT");

        public uint[] GetParameters(uint[] chunkDimensions, uint typeSize, Dictionary<string, object>? options) => [];
    }
}
