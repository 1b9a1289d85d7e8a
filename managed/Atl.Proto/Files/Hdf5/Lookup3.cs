using System.Buffers.Binary;
using System.Numerics;

namespace Atl.Proto;

/// <summary>The hash of 32 bits by which HDF5 checks its metadata: <c>hashlittle</c> of lookup3 (B. Jenkins,
/// 2006).</summary>
internal static class Lookup3
{
    /// <summary>The hash of some bytes, from an initial value of 0.</summary>
    public static uint Hash(ReadOnlySpan<byte> bytes)
    {
        uint a = unchecked(0xDEADBEEF + (uint)bytes.Length), b = a, c = a;
        Span<byte> last = stackalloc byte[12];
        while (bytes.Length > 12)
        {
            Add(bytes);
            unchecked
            {
                a = (a - c) ^ BitOperations.RotateLeft(c, 4);
                c += b;
                b = (b - a) ^ BitOperations.RotateLeft(a, 6);
                a += c;
                c = (c - b) ^ BitOperations.RotateLeft(b, 8);
                b += a;
                a = (a - c) ^ BitOperations.RotateLeft(c, 16);
                c += b;
                b = (b - a) ^ BitOperations.RotateLeft(a, 19);
                a += c;
                c = (c - b) ^ BitOperations.RotateLeft(b, 4);
                b += a;
            }
            bytes = bytes[12..];
        }
        if (bytes.IsEmpty) return c;
        last.Clear();
        bytes.CopyTo(last);
        Add(last);
        unchecked
        {
            c = (c ^ b) - BitOperations.RotateLeft(b, 14);
            a = (a ^ c) - BitOperations.RotateLeft(c, 11);
            b = (b ^ a) - BitOperations.RotateLeft(a, 25);
            c = (c ^ b) - BitOperations.RotateLeft(b, 16);
            a = (a ^ c) - BitOperations.RotateLeft(c, 4);
            b = (b ^ a) - BitOperations.RotateLeft(a, 14);
            return (c ^ b) - BitOperations.RotateLeft(b, 24);
        }

        void Add(ReadOnlySpan<byte> twelve)
        {
            unchecked
            {
                a += BinaryPrimitives.ReadUInt32LittleEndian(twelve);
                b += BinaryPrimitives.ReadUInt32LittleEndian(twelve[4..]);
                c += BinaryPrimitives.ReadUInt32LittleEndian(twelve[8..]);
            }
        }
    }
}
