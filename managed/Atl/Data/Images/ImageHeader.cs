using System.Buffers.Binary;
using System.Buffers.Text;

namespace Atl.Data;

/// <summary>
/// The extents in the header of an encoded image, read without decoding. It covers every kind that is decoded here:
/// PNG, JPEG, GIF, WebP, BMP, TIFF, JPEG 2000, PNM, PAM, PFM, Sun raster and Radiance.
/// </summary>
/// <param name="Width">Columns; as claimed, so it may be 0.</param>
/// <param name="Height">Rows; as claimed, so it may be 0.</param>
internal readonly record struct ImageHeader(long Width, long Height)
{
    private const int LongestTextHeader = 1 << 16;

    /// <summary>Reads a header; null where the bytes are of no known kind, or end within the header.</summary>
    public static ImageHeader? Read(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => Png(bytes),
        [0xFF, 0xD8, ..] => JpegFile.Size(bytes),
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => Gif(bytes),
        [(byte)'B', (byte)'M', ..] => Bmp(bytes),
        [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => TiffHeader.Size(bytes),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] =>
            WebP(bytes),
        [(byte)'P', >= (byte)'1' and <= (byte)'6', ..] => Numbers(bytes, 2),
        [(byte)'P', (byte)'F' or (byte)'f', ..] => Numbers(bytes, 2),
        [(byte)'P', (byte)'7', ..] => Pam(bytes),
        [0x59, 0xA6, 0x6A, 0x95, ..] => bytes.Length < 12 ? null : new(Big32(bytes, 4), Big32(bytes, 8)),
        [(byte)'#', (byte)'?', (byte)'R', ..] => Radiance(bytes),
        [0xFF, 0x4F, 0xFF, 0x51, ..] => Codestream(bytes),
        [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', ..] => Jpeg2000(bytes),
        _ => null,
    };

    // The first chunk is the header: length, IHDR, width, height.
    private static ImageHeader? Png(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 24 && bytes.Slice(12, 4).SequenceEqual("IHDR"u8) ? new(Big32(bytes, 16), Big32(bytes, 20))
        : null;

    // The screen that frames are drawn on.
    private static ImageHeader? Gif(ReadOnlySpan<byte> bytes) =>
        bytes.Length < 10 ? null : new(Little16(bytes, 6), Little16(bytes, 8));

    // The header of OS/2 has 16-bit sides, all later ones 32-bit; a negative height is that of rows from the top.
    private static ImageHeader? Bmp(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 26) return null;
        return Little32(bytes, 14) == 12
            ? new(Little16(bytes, 18), Little16(bytes, 20))
            : new((int)Little32(bytes, 18), Math.Abs((long)(int)Little32(bytes, 22)));
    }

    // Lossy (VP8), lossless (VP8L), or the canvas of the extended format (VP8X).
    private static ImageHeader? WebP(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 30) return null;
        ReadOnlySpan<byte> kind = bytes.Slice(12, 4);
        if (kind.SequenceEqual("VP8 "u8)) return new(Little16(bytes, 26) & 0x3FFF, Little16(bytes, 28) & 0x3FFF);
        if (kind.SequenceEqual("VP8X"u8)) return new(1 + Little24(bytes, 24), 1 + Little24(bytes, 27));
        if (!kind.SequenceEqual("VP8L"u8)) return null;
        uint bits = Little32(bytes, 21);
        return new(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF));
    }

    // PNM and PFM: the numbers behind the magic, with comments between them.
    private static ImageHeader? Numbers(ReadOnlySpan<byte> bytes, int at) =>
        NextNumber(bytes, ref at) is { } width && NextNumber(bytes, ref at) is { } height ? new(width, height) : null;

    private static long? NextNumber(ReadOnlySpan<byte> bytes, ref int at)
    {
        while (at < bytes.Length && bytes[at] is not (>= (byte)'0' and <= (byte)'9'))
            if (bytes[at] == (byte)'#') at = EndOfLine(bytes, at);
            else if (bytes[at] is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r')) at++;
            else return null;
        if (!Utf8Parser.TryParse(bytes[at..], out long number, out int used)) return null;
        at += used;
        return number;
    }

    // Lines of a word and a value up to ENDHDR.
    private static ImageHeader? Pam(ReadOnlySpan<byte> bytes)
    {
        long? width = null, height = null;
        for (int at = EndOfLine(bytes, 0); at < Math.Min(bytes.Length, LongestTextHeader);)
        {
            int end = EndOfLine(bytes, at), value = at;
            ReadOnlySpan<byte> line = bytes[at..end];
            if (line.StartsWith("ENDHDR"u8)) break;
            if (line.StartsWith("WIDTH"u8)) width = NumberAfter(bytes, ref value, "WIDTH".Length);
            if (line.StartsWith("HEIGHT"u8)) height = NumberAfter(bytes, ref value, "HEIGHT".Length);
            at = end;
        }
        return width is { } columns && height is { } rows ? new(columns, rows) : null;
    }

    private static long? NumberAfter(ReadOnlySpan<byte> bytes, ref int at, int skipped)
    {
        at += skipped;
        return NextNumber(bytes, ref at);
    }

    // Lines up to an empty one, then "-Y height +X width", or the axes otherwise.
    private static ImageHeader? Radiance(ReadOnlySpan<byte> bytes)
    {
        int end = bytes[..Math.Min(bytes.Length, LongestTextHeader)].IndexOf("\n\n"u8);
        if (end < 0) return null;
        int at = end + 2, lineEnd = EndOfLine(bytes, at);
        Span<long> sides = stackalloc long[2];
        for (int i = 0; i < sides.Length; i++)
        {
            while (at < lineEnd && bytes[at] is not (>= (byte)'0' and <= (byte)'9')) at++;
            if (NextNumber(bytes[..lineEnd], ref at) is not { } side) return null;
            sides[i] = side;
        }
        return new(sides[1], sides[0]);
    }

    // SIZ, the marker that follows the first: capabilities, then the ends and the begins of the grid.
    private static ImageHeader? Codestream(ReadOnlySpan<byte> bytes) => bytes.Length < 24
        ? null
        : new((long)Big32(bytes, 8) - Big32(bytes, 16), (long)Big32(bytes, 12) - Big32(bytes, 20));

    // Boxes of a length and a name, of which one holds the codestream.
    private static ImageHeader? Jpeg2000(ReadOnlySpan<byte> bytes)
    {
        for (long at = 0; at + 16 <= bytes.Length;)
        {
            long length = Big32(bytes, (int)at), head = 8;
            if (bytes.Slice((int)at + 4, 4).SequenceEqual("jp2c"u8))
                return bytes[(int)(at + (length == 1 ? 16 : 8))..] is [0xFF, 0x4F, 0xFF, 0x51, ..] and var stream
                    ? Codestream(stream)
                    : null;
            if (length == 1)
            {
                length = BinaryPrimitives.ReadInt64BigEndian(bytes[((int)at + 8)..]);
                head = 16;
            }
            if (length < head || length > bytes.Length - at) return null;
            at += length;
        }
        return null;
    }

    private static int EndOfLine(ReadOnlySpan<byte> bytes, int at) =>
        bytes[at..].IndexOf((byte)'\n') is >= 0 and var length ? at + length + 1 : bytes.Length;

    private static uint Big32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);

    private static uint Little32(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static int Little24(ReadOnlySpan<byte> bytes, int at) =>
        bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);

    private static int Little16(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
