using System.Buffers.Binary;
using System.Numerics;

namespace Atl.Proto.TensorBoard;

/// <summary>
/// The records of a TFRecord file: length (8 bytes), its masked CRC, the content, its masked CRC (4 bytes each), all little-endian. The checksum
/// is CRC-32C (Castagnoli), rotated right by 15 bits plus a constant, so that a CRC over data that holds CRCs stays a good one.
/// </summary>
internal static class RecordFraming
{
    private const uint MaskDelta = 0xa282ead8;

    /// <summary>Writes one record.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> content)
    {
        Span<byte> head = stackalloc byte[sizeof(ulong) + sizeof(uint)], tail = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[sizeof(ulong)..], MaskedCrc(head[..sizeof(ulong)]));
        BinaryPrimitives.WriteUInt32LittleEndian(tail, MaskedCrc(content));
        stream.Write(head);
        stream.Write(content);
        stream.Write(tail);
    }

    private static uint MaskedCrc(ReadOnlySpan<byte> bytes) =>
        unchecked(BitOperations.RotateRight(Crc32C.Of(bytes), 15) + MaskDelta);
}
