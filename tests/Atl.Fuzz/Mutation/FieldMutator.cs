namespace Atl.Fuzz.Mutation;

/// <summary>Damage to whole numbers whose places are known.</summary>
/// <param name="find">The numbers' places in an input: offset, bytes (1, 2, 4 or 8), and whether the largest comes
/// first.</param>
internal sealed class FieldMutator(Func<byte[], IEnumerable<(int Offset, int Width, bool BigEndian)>> find) : Mutator
{
    /// <summary>Numbers at the same places in all inputs.</summary>
    public static FieldMutator At(params (int Offset, int Width, bool BigEndian)[] fields) => new(_ => fields);

    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        (int Offset, int Width, bool BigEndian)[] fields =
            [.. find(data).Where(f => f.Offset >= 0 && f.Offset + f.Width <= data.Length)];
        byte[] copy = [.. data];
        if (fields.Length == 0) return copy;
        (int offset, int width, bool bigEndian) = fields[random.Next(fields.Length)];
        InterestingNumbers.Change(copy.AsSpan(offset, width), bigEndian, random);
        return copy;
    }
}
