using System.Buffers.Binary;
using System.Text;

namespace Atl.Fuzz.Mutation;

/// <summary>Damage to a pickle: codes put in, codes changed, lengths of bytes changed.</summary>
internal sealed class PickleMutator : Mutator
{
    private const string Codes =
        "(.0123FIJKLMNPQRSTUVX]abcdeghijlopqrstu}BC\x80\x81\x82\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x90\x94\x95";

    private static readonly string[] Pieces =
    [
        "cos\nsystem\n", "(lp0\n", "I01\n", "I99999999999999999999\n", "L-1L\n", "S'x'\n", "V\\u0041\n", "h\xFF",
            "j\xFF\xFF\xFF\x7F",
        "B\xFF\xFF\xFF\x7F", "\x8E\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", "X\xFF\xFF\xFF\xFF", "\x8A\xFF",
            "\x95\0\0\0\0\0\0\0\0", "(((((((((", "]]]]]", "q\0", "R",
    ];

    private static readonly ByteMutator Raw = new();

    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        if (data.Length < 8) return Raw.Mutate(data, random);
        byte[] copy = [.. data];
        int[] lengths = [.. Enumerable.Range(0, data.Length - 5).Where(i => data[i] == 'B' && IsLength(data, i + 1))];
        // Codes stand before lengths and at both ends.
        int place = random.Next(3) switch
        {
            0 => random.Next(Math.Min(data.Length, 8)),
            1 => data.Length - 1 - random.Next(Math.Min(data.Length, 40)),
            _ => lengths.Length > 0 ? lengths[random.Next(lengths.Length)] : random.Next(data.Length),
        };
        switch (random.Next(4))
        {
            case 0:
                copy[place] = (byte)Codes[random.Next(Codes.Length)];
                return copy;
            case 1 when lengths.Length > 0:
                InterestingNumbers.Change(copy.AsSpan(lengths[random.Next(lengths.Length)] + 1, 4), false, random);
                return copy;
            case 2:
                return [.. data[..place], .. Encoding.Latin1.GetBytes(Pieces[random.Next(Pieces.Length)]),
                    .. data[place..]];
            default:
                return [.. data[..place], (byte)Codes[random.Next(Codes.Length)], .. data[place..]];
        }
    }

    private static bool IsLength(byte[] data, int at) =>
        BinaryPrimitives.ReadInt32LittleEndian(data.AsSpan(at)) is > 16 and var length && length <= data.Length - at;
}
