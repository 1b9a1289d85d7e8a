namespace Atl.Fuzz.Mutation;

/// <summary>Damage to the numbers after signatures, as formats have them whose parts lie anywhere in a file.</summary>
/// <param name="span">How many bytes from a signature on are damaged.</param>
/// <param name="signatures">The signatures.</param>
internal sealed class SignatureMutator(int span, params string[] signatures) : Mutator
{
    private static readonly int[] Widths = [1, 1, 2, 2, 4, 4, 8];

    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        List<int> places = [];
        foreach (string signature in signatures)
        {
            byte[] bytes = [.. signature.Select(letter => (byte)letter)];
            for (int at = data.AsSpan().IndexOf(bytes); at >= 0;)
            {
                places.Add(at);
                int next = data.AsSpan(at + 1).IndexOf(bytes);
                at = next < 0 ? -1 : at + 1 + next;
            }
        }
        byte[] copy = [.. data];
        if (places.Count == 0) return copy;
        int width = Widths[random.Next(Widths.Length)];
        int place = places[random.Next(places.Count)] + 4 + random.Next(span);
        if (place + width <= data.Length) InterestingNumbers.Change(copy.AsSpan(place, width), false, random);
        return copy;
    }
}
