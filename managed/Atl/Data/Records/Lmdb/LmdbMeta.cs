using System.Buffers.Binary;
using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// A meta page of an LMDB (0.9, 64 bits, little-endian): pages 0 and 1 take turns in saying where the trees of the last
/// transaction are.
/// </summary>
/// <param name="PageSize">The size of the file's pages in bytes.</param>
/// <param name="Free">The tree of pages that are not in use.</param>
/// <param name="Main">The tree of records.</param>
/// <param name="LastPage">The last page that was ever in use.</param>
/// <param name="Transaction">The number of the transaction that wrote it.</param>
internal readonly record struct LmdbMeta(int PageSize, LmdbTree Free, LmdbTree Main, ulong LastPage, ulong Transaction)
{
    /// <summary>The number of bytes of the page that carry information.</summary>
    public const int Bytes = 152;

    private const uint Magic = 0xBEEFC0DE;
    private const uint Version = 1;
    private const int HeaderBytes = 16, HeaderBytes32 = 12;
    private const ushort IsMeta = 0x08;
    private const int MinimumPageSize = 512, MaximumPageSize = 1 << 16;

    /// <summary>Reads one.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="page">0 or 1.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <exception cref="AtlException">It is none, is damaged, or of a kind that is not read.</exception>
    public static LmdbMeta Parse(string file, int page, ReadOnlySpan<byte> bytes)
    {
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(bytes[HeaderBytes..]);
        if (magic != Magic) throw new AtlException($"{file}: {WithoutMagic(bytes, page)}");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]);
        if (version != Version)
            throw new AtlException($"{file}: version {version} of LMDB's format, expected {Version} (that of LMDB "
                + "0.9, which Caffe reads)");
        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]);
        if ((flags & IsMeta) == 0 || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != (ulong)page)
            throw new AtlException($"{file}: page {page} is not marked as the meta page that it should be, the LMDB "
                + "is damaged");
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[40..]);
        if (size is < MinimumPageSize or > MaximumPageSize || !uint.IsPow2(size))
            throw new AtlException($"{file}: meta page {page} says pages of {size} bytes, expected a power of two "
                + $"from {MinimumPageSize} "
                + $"to {MaximumPageSize}, the LMDB is damaged");
        return new LmdbMeta(
            (int)size, LmdbTree.Parse(bytes[40..]), LmdbTree.Parse(bytes[(40 + LmdbTree.Bytes)..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[136..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[144..]));
    }

    private static string WithoutMagic(ReadOnlySpan<byte> bytes, int page)
    {
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[HeaderBytes..]) == Magic)
            return Foreign("of a big-endian machine");
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[HeaderBytes32..]) == Magic)
            return Foreign("of a 32-bit program");
        return $"page {page} is no meta page of an LMDB (0x{Magic:X8} is missing), the file is damaged or is "
            + "something else";
    }

    private static string Foreign(string origin) =>
        $"an LMDB {origin}, expected one of 64 bits, little-endian; copy it with mdb_dump on such a machine and "
            + "mdb_load on this one";
}
