using System.Buffers.Binary;

namespace Atl.Fuzz.Mutation;

/// <summary>Damage to the header's text of a NumPy array, whose length stays right, and to its values.</summary>
internal sealed class NpyMutator : Mutator
{
    private const int TextAt = 10;

    private static readonly ByteMutator Raw = new();

    private static readonly TextMutator Header = new(
        "'<f4'", "'>f8'", "'|u1'", "'<i8'", "'|b1'", "'<f2'", "'<U3'", "'|S4'", "'|O'", "'<c8'", "True", "False",
            "descr", "shape",
        "fortran_order", "()", "(2,)", "(0, 4)", "(-1, 4)", "(65536, 65536)", "(4294967296, 4294967296)",
            "(1, 1, 1, 1, 1, 24)");

    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        int length = data.Length < TextAt ? -1 : BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(8));
        if (length < 0 || TextAt + length > data.Length || random.Next(4) == 0) return Raw.Mutate(data, random);
        byte[] text = Header.Mutate(data[TextAt..(TextAt + length)], random);
        byte[] head = data[..TextAt];
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(8), (ushort)text.Length);
        return [.. head, .. text, .. data[(TextAt + length)..]];
    }
}
