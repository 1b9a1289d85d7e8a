using System.Buffers.Binary;

namespace Atl.Data;

/// <summary>The chunks of a PNG (ISO/IEC 15948), to recognize a truncated one.</summary>
internal static class PngFile
{
    private const int SignatureBytes = 8, HeadBytes = 8, ChecksumBytes = 4;

    /// <summary>Whether bytes begin as a PNG does.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes) => bytes.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G']);

    /// <summary>Whether the bytes end before the chunk that ends the image.</summary>
    public static bool BreaksOff(ReadOnlySpan<byte> bytes)
    {
        for (long at = SignatureBytes; at + HeadBytes <= bytes.Length;)
        {
            ReadOnlySpan<byte> head = bytes.Slice((int)at, HeadBytes);
            if (head[4..].SequenceEqual("IEND"u8)) return false;
            at += HeadBytes + BinaryPrimitives.ReadUInt32BigEndian(head) + ChecksumBytes;
        }
        return true;
    }
}
