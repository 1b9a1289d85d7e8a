using System.Buffers.Binary;

namespace Atl.Fuzz.Mutation;

/// <summary>Damage to the records of a LevelDB's log or manifest and to the blocks of its tables, whose checks are made
/// right again.</summary>
internal sealed class LevelDbMutator : Mutator
{
    private const int RecordHead = 7, FooterBytes = 48, TrailerBytes = 5;
    private const ulong TableMagic = 0xdb4775248b80fb57;
    private const uint MaskDelta = 0xa282ead8;

    private static readonly ByteMutator Raw = new();

    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        List<(int Start, int Length, int Check, bool TypeFirst)> parts =
            [.. IsTable(data) ? Blocks(data) : Records(data)];
        if (parts.Count == 0) return Raw.Mutate(data, random);
        (int start, int length, int check, bool typeFirst) = parts[random.Next(parts.Count)];
        byte[] copy = [.. data];
        // The lengths of parts are kept, so that what follows is found.
        byte[] content = Raw.Mutate(data[start..(start + length)], random);
        content.AsSpan(0, Math.Min(content.Length, length)).CopyTo(copy.AsSpan(start));
        int from = typeFirst ? start - 1 : start;
        WriteCheck(copy.AsSpan(check), copy.AsSpan(from, length + 1));
        return copy;
    }

    private static void WriteCheck(Span<byte> target, ReadOnlySpan<byte> checkedBytes)
    {
        uint crc = Crc.Castagnoli.Of(checkedBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(target, ((crc >> 15) | (crc << 17)) + MaskDelta);
    }

    private static bool IsTable(byte[] data) =>
        data.Length >= FooterBytes
            && BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(data.Length - 8)) == TableMagic;

    // A check, a length, a type, which the check covers, and the content.
    private static IEnumerable<(int Start, int Length, int Check, bool TypeFirst)> Records(byte[] data)
    {
        for (int at = 0; at + RecordHead <= data.Length;)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(at + 4));
            if (length == 0 || at + RecordHead + length > data.Length) yield break;
            yield return (at + RecordHead, length, at, true);
            at += RecordHead + length;
        }
    }

    // The footer leads to the index, and the index's entries to the blocks; a type and a check follow each.
    private static List<(int Start, int Length, int Check, bool TypeFirst)> Blocks(byte[] data)
    {
        List<(int, int, int, bool)> blocks = [];
        int at = data.Length - FooterBytes;
        for (int handle = 0; handle < 2; handle++)
        {
            if (Varint(data, ref at) is not { } offset || Varint(data, ref at) is not { } size) return blocks;
            if (offset + size + TrailerBytes > (ulong)data.Length || size == 0) continue;
            blocks.Add(((int)offset, (int)size, (int)(offset + size) + 1, false));
            // The first data block begins the file and ends where the next part does.
            if (handle == 0 && offset > TrailerBytes)
                blocks.Add((0, (int)offset - TrailerBytes, (int)offset - TrailerBytes + 1, false));
        }
        return blocks;
    }

    private static ulong? Varint(byte[] data, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && at < data.Length; shift += 7)
        {
            byte one = data[at++];
            value |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80) return value;
        }
        return null;
    }
}
