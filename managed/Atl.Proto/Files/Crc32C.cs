using System.Buffers.Binary;
using System.Numerics;

namespace Atl.Proto;

/// <summary>The checksum CRC-32C (Castagnoli).</summary>
internal static class Crc32C
{
    private const uint MaskDelta = 0xa282ead8;

    /// <summary>The checksum of a file's bytes.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static uint OfFile(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0,
            FileOptions.SequentialScan);
        byte[] buffer = new byte[1 << 20];
        uint state = Start;
        // Whole buffers, so that every part but the last is of whole words.
        while (stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) is > 0 and var count)
            state = Append(state, buffer.AsSpan(0, count));
        return End(state);
    }

    /// <summary>The checksum of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => End(Append(Start, bytes));

    /// <summary>
    /// The checksum of bytes as TFRecord and LevelDB store it: rotated right by 15 bits plus a constant, so that a
    /// checksum over data that holds checksums stays a good one.
    /// </summary>
    public static uint MaskedOf(ReadOnlySpan<byte> bytes) =>
        unchecked(BitOperations.RotateRight(Of(bytes), 15) + MaskDelta);

    /// <summary>The state before any byte.</summary>
    internal static uint Start => uint.MaxValue;

    /// <summary>The state after more bytes.</summary>
    internal static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte value in bytes) state = BitOperations.Crc32C(state, value);
        return state;
    }

    /// <summary>The checksum that a state stands for.</summary>
    internal static uint End(uint state) => ~state;
}
