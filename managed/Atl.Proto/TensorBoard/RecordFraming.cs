using System.Buffers.Binary;

namespace Atl.Proto.TensorBoard;

/// <summary>
/// The records of a TFRecord file: length (8 bytes), its masked CRC-32C, the content, its masked CRC-32C (4 bytes
/// each), all little-endian.
/// </summary>
internal static class RecordFraming
{
    /// <summary>Writes one record.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> content)
    {
        Span<byte> head = stackalloc byte[sizeof(ulong) + sizeof(uint)], tail = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[sizeof(ulong)..], Crc32C.MaskedOf(head[..sizeof(ulong)]));
        BinaryPrimitives.WriteUInt32LittleEndian(tail, Crc32C.MaskedOf(content));
        stream.Write(head);
        stream.Write(content);
        stream.Write(tail);
    }
}
