namespace Atl.Fuzz.Mutation;

/// <summary>The start of an input and the end of another one of the same format.</summary>
/// <param name="others">What ends are taken from.</param>
internal sealed class SpliceMutator(IReadOnlyList<byte[]> others) : Mutator
{
    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        byte[] other = others[random.Next(others.Count)];
        return [.. data[..random.Next(data.Length + 1)], .. other[random.Next(other.Length + 1)..]];
    }
}
