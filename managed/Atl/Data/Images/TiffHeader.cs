using System.Buffers.Binary;

namespace Atl.Data;

/// <summary>
/// The first directory of a TIFF (TIFF 6.0, and BigTIFF): how large the image is, and its tiles, which a decoder holds
/// one of.
/// </summary>
internal readonly ref struct TiffHeader
{
    private const int ImageWidth = 256, ImageLength = 257, TileWidth = 322, TileLength = 323;
    private const int ShortType = 3, LongType = 4, Long8Type = 16;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly bool _little, _big;

    private TiffHeader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _little = bytes[0] == (byte)'I';
        _big = bytes[_little ? 2 : 3] == 43;
    }

    /// <summary>The size of the image, or of its tiles where those are larger; null where the directory has
    /// none.</summary>
    public static ImageHeader? Size(ReadOnlySpan<byte> bytes) => bytes.Length < 16
        ? null : new TiffHeader(bytes).Find();

    private ImageHeader? Find()
    {
        (int countBytes, int entryBytes) = _big ? (8, 20) : (2, 12);
        ulong directory = _big ? Number(8, 8) : Number(4, 4);
        if (directory > (ulong)_bytes.Length - (ulong)countBytes) return null;
        ulong count = Number((int)directory, countBytes);
        long? width = null, height = null;
        long tileWidth = 0, tileHeight = 0;
        for (ulong i = 0, at = directory + (ulong)countBytes; i < count; i++, at += (ulong)entryBytes)
        {
            if (at + (ulong)entryBytes > (ulong)_bytes.Length) break;
            long value = Value((int)at);
            switch (Number((int)at, 2))
            {
                case ImageWidth: width = value; break;
                case ImageLength: height = value; break;
                case TileWidth: tileWidth = value; break;
                case TileLength: tileHeight = value; break;
                default: break;
            }
        }
        if (width is not { } columns || height is not { } rows) return null;
        bool isTileLarger = columns > 0 && rows > 0 && tileWidth * (double)tileHeight > columns * (double)rows;
        return isTileLarger ? new(tileWidth, tileHeight) : new(columns, rows);
    }

    // The one value of an entry: tag, type, count, value.
    private long Value(int entry)
    {
        int at = entry + (_big ? 12 : 8);
        ulong value = Number(entry + 2, 2) switch
        {
            ShortType => Number(at, 2),
            LongType => Number(at, 4),
            Long8Type when _big => Number(at, 8),
            _ => 0,
        };
        return (long)Math.Min(value, uint.MaxValue);
    }

    private ulong Number(int at, int bytes)
    {
        ReadOnlySpan<byte> from = _bytes[at..];
        return (bytes, _little) switch
        {
            (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(from),
            (2, false) => BinaryPrimitives.ReadUInt16BigEndian(from),
            (4, true) => BinaryPrimitives.ReadUInt32LittleEndian(from),
            (4, false) => BinaryPrimitives.ReadUInt32BigEndian(from),
            (_, true) => BinaryPrimitives.ReadUInt64LittleEndian(from),
            _ => BinaryPrimitives.ReadUInt64BigEndian(from),
        };
    }
}
