using System.Buffers.Binary;
using Atl.Proto;

namespace Atl.Fuzz.Mutation;

/// <summary>Damage to the superblock and the object headers of an HDF5 file, whose checks are made right
/// again.</summary>
internal sealed class Hdf5Mutator : Mutator
{
    private const int SuperblockBytes = 44, CheckBytes = 4, Span = 160;

    private static readonly SignatureMutator Numbers =
        new(Span, "\x89HDF", "TREE", "SNOD", "HEAP", "OHDR", "OHDR", "OHDR", "OCHK", "FRHP", "BTHD", "GCOL");

    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        byte[] copy = Numbers.Mutate(data, random);
        if (random.Next(8) == 0) return copy;
        if (copy.Length >= SuperblockBytes + CheckBytes && copy[8] >= 2) WriteCheck(copy, 0, SuperblockBytes);
        for (int at = 0; at + 8 < copy.Length; at++)
            if (copy.AsSpan(at, 4).SequenceEqual("OHDR"u8) && EndOfHeader(copy, at) is { } end) WriteCheck(copy, at,
                end);
        return copy;
    }

    // Version, flags, times and bounds where the flags say so, the size of the messages, the messages.
    private static int? EndOfHeader(byte[] data, int at)
    {
        int flags = data[at + 5], size = at + 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
        int width = 1 << (flags & 3);
        if (size + width > data.Length) return null;
        long bytes = 0;
        for (int i = width - 1; i >= 0; i--) bytes = (bytes << 8) | data[size + i];
        long end = size + width + bytes;
        return bytes >= 0 && end >= 0 && end <= data.Length - CheckBytes ? (int)end : null;
    }

    private static void WriteCheck(byte[] data, int from, int to) =>
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(to), Lookup3.Hash(data.AsSpan(from, to - from)));
}
