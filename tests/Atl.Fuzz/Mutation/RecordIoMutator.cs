using System.Buffers.Binary;

namespace Atl.Fuzz.Mutation;

/// <summary>Damage to the records of a RecordIO file, whose lengths stay right.</summary>
internal sealed class RecordIoMutator : Mutator
{
    private const uint Magic = 0xced7230a, LengthMask = (1u << 29) - 1;
    private const int HeadBytes = 8, LabelHeadBytes = 24;

    private static readonly ByteMutator Raw = new();

    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        List<(uint Chain, byte[] Content)> records = [];
        for (int at = 0; at + HeadBytes <= data.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(at)) == Magic;)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(at + 4));
            int length = (int)(word & LengthMask), end = at + HeadBytes + length;
            if (end > data.Length) break;
            records.Add((word & ~LengthMask, data[(at + HeadBytes)..end]));
            at += HeadBytes + ((length + 3) / 4 * 4);
        }
        if (records.Count == 0) return Raw.Mutate(data, random);
        int one = random.Next(records.Count), other = random.Next(records.Count);
        (uint chain, byte[] content) = records[one];
        switch (random.Next(7))
        {
            case 0:
                records.RemoveAt(one);
                break;
            case 1:
                records.Insert(other, records[one]);
                break;
            case 2:
                records[one] = ((uint)random.Next(8) << 29, content);
                break;
            case 3 or 4 when content.Length >= LabelHeadBytes:
                byte[] head = [.. content];
                InterestingNumbers.Change(head.AsSpan(4 * random.Next(LabelHeadBytes / 4), 4), false, random);
                records[one] = (chain, head);
                break;
            default:
                records[one] = (chain, Raw.Mutate(content, random));
                break;
        }
        return [.. records.SelectMany(record => Join(record.Chain, record.Content))];
    }

    /// <summary>A record with its head.</summary>
    public static byte[] Join(uint chain, byte[] content)
    {
        byte[] record = new byte[HeadBytes + ((content.Length + 3) / 4 * 4)];
        BinaryPrimitives.WriteUInt32LittleEndian(record, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), chain | (uint)content.Length);
        content.CopyTo(record, HeadBytes);
        return record;
    }
}
