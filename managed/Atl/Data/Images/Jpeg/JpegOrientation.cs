using System.Buffers.Binary;

namespace Atl.Data;

/// <summary>
/// The orientation that cameras note in a JPEG's Exif data (tag 0x0112; Exif 2.32, 4.6.4): 1 is upright, 2 to 8 are
/// mirrored or turned by quarters. Such images are turned upright when they are decoded to color or gray, and stay as
/// they are when they are decoded as they are stored.
/// </summary>
internal static class JpegOrientation
{
    private const byte Marker = 0xFF, StartOfImage = 0xD8, StartOfScan = 0xDA, Application1 = 0xE1;
    private const int EntryBytes = 12, OrientationTag = 0x0112, ShortType = 3, Upright = 1, Last = 8;

    /// <summary>Whether the bytes are a JPEG whose pixels are not stored upright.</summary>
    public static bool IsTurned(ReadOnlySpan<byte> bytes) => Of(bytes) != Upright;

    /// <summary>The orientation, 1 to 8; 1 where the bytes are no JPEG, or note none that makes sense.</summary>
    public static int Of(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith<byte>([Marker, StartOfImage])) return Upright;
        for (int at = 2; at + 4 <= bytes.Length && bytes[at] == Marker && bytes[at + 1] != StartOfScan;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (length < 2 || at + 2 + length > bytes.Length) break;
            ReadOnlySpan<byte> content = bytes.Slice(at + 4, length - 2);
            if (bytes[at + 1] == Application1 && content.StartsWith("Exif\0\0"u8)) return InDirectory(content[6..]);
            at += 2 + length;
        }
        return Upright;
    }

    // A TIFF header (byte order, 42, the place of the first directory) and the directory: a count and entries of tag,
    // type, count and value.
    private static int InDirectory(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) return Upright;
        bool little = tiff.StartsWith("II"u8);
        if (!little && !tiff.StartsWith("MM"u8)) return Upright;
        long directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..])
            : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory + 2 > tiff.Length) return Upright;
        int count = Short(tiff, (int)directory, little);
        for (int i = 0; i < count; i++)
        {
            long entry = directory + 2 + (EntryBytes * (long)i);
            if (entry + EntryBytes > tiff.Length) break;
            if (Short(tiff, (int)entry, little) != OrientationTag) continue;
            int value = Short(tiff, (int)entry + 8, little);
            return Short(tiff, (int)entry + 2, little) == ShortType && value is >= Upright and <= Last
                ? value : Upright;
        }
        return Upright;
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..])
        : BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
