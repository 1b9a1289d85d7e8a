using System.Text;

namespace Atl.Fuzz.Mutation;

/// <summary>Damage to the heads of a tar archive's members, whose sums are made right again.</summary>
internal sealed class TarMutator : Mutator
{
    private const int BlockBytes = 512, SumOffset = 148, SumBytes = 8;

    // Name, mode, size, time, type, link's name, magic, user, major number, prefix.
    private static readonly (int Offset, int Length)[] Fields =
        [(0, 100), (100, 8), (124, 12), (136, 12), (156, 1), (157, 100), (257, 8), (265, 32), (329, 8), (345, 155)];

    private static readonly string[] Values =
    [
        "", "00000000000", "00000000001", "77777777777", "-0000000001", "00000001000", "99999999999",
            "\x80\0\0\0\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
        "../../x.png", "/x.png", "Ann/a.png", "Ann/a.cls", "Ann/a.json", "a\0b.png", "a\nb.png", "0", "1", "2", "5",
            "L", "x", "g", "S", "K", "7",
    ];

    private static readonly ByteMutator Raw = new();

    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        int[] heads = [.. Heads(data)];
        if (heads.Length == 0) return Raw.Mutate(data, random);
        byte[] copy = [.. data];
        int head = heads[random.Next(heads.Length)];
        Span<byte> block = copy.AsSpan(head, BlockBytes);
        (int offset, int length) = Fields[random.Next(Fields.Length)];
        Span<byte> field = block.Slice(offset, length);
        if (random.Next(3) == 0)
        {
            field[random.Next(length)] = (byte)random.Next(256);
        }
        else
        {
            string value = Values[random.Next(Values.Length)];
            field.Clear();
            for (int i = 0; i < Math.Min(length, value.Length); i++) field[i] = (byte)value[i];
        }
        block.Slice(SumOffset, SumBytes).Fill((byte)' ');
        int sum = 0;
        foreach (byte one in block) sum += one;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(block[SumOffset..]);
        return copy;
    }

    private static IEnumerable<int> Heads(byte[] data)
    {
        for (int at = 0; at + BlockBytes <= data.Length; at += BlockBytes)
            if (data.AsSpan(at + 257, 5).SequenceEqual("ustar"u8)) yield return at;
    }
}
