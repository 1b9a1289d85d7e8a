namespace Atl.Fuzz.Mutation;

/// <summary>Damage that knows nothing of the format: bits, bytes, numbers, pieces, ends.</summary>
internal sealed class ByteMutator : Mutator
{
    private static readonly int[] Widths = [1, 2, 4, 8];

    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        if (data.Length == 0) return [(byte)random.Next(256)];
        byte[] copy = [.. data];
        int place = Place(data.Length, random);
        switch (random.Next(8))
        {
            case 0:
                copy[place] ^= (byte)(1 << random.Next(8));
                return copy;
            case 1:
                copy[place] = (byte)random.Next(256);
                return copy;
            case 2 or 3:
                int width = Math.Min(Widths[random.Next(Widths.Length)], data.Length);
                width = width is 1 or 2 or 4 or 8 ? width : 1;
                Span<byte> field = copy.AsSpan(Math.Min(place, data.Length - width), width);
                InterestingNumbers.Change(field, random.Next(2) == 0, random);
                return copy;
            case 4:
                return [.. data[..place], .. data[Math.Min(data.Length, place + Piece(random))..]];
            case 5:
                byte[] piece = data[place..Math.Min(data.Length, place + Piece(random))];
                return [.. data[..place], .. piece, .. data[place..]];
            case 6:
                byte[] noise = new byte[Piece(random)];
                random.NextBytes(noise);
                return [.. data[..place], .. noise, .. data[place..]];
            default:
                return data[..place];
        }
    }

    // Half of all damage goes where headers are.
    private static int Place(int length, Random random) =>
        random.Next(random.Next(2) == 0 ? Math.Min(length, 512) : length);

    private static int Piece(Random random) => 1 + random.Next(1 << random.Next(10));
}
