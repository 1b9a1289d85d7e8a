namespace Atl.Fuzz.Mutation;

/// <summary>A cyclic redundancy check of 32 bits, reflected.</summary>
internal sealed class Crc
{
    private readonly uint[] _table = new uint[256];

    private Crc(uint polynomial)
    {
        for (uint i = 0; i < _table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? (value >> 1) ^ polynomial : value >> 1;
            _table[i] = value;
        }
    }

    /// <summary>The check of PNG and zip.</summary>
    public static Crc Png { get; } = new(0xEDB88320);

    /// <summary>Castagnoli's, which LevelDB uses.</summary>
    public static Crc Castagnoli { get; } = new(0x82F63B78);

    /// <summary>The check of some bytes.</summary>
    public uint Of(ReadOnlySpan<byte> bytes)
    {
        uint value = uint.MaxValue;
        foreach (byte one in bytes) value = _table[(value ^ one) & 0xFF] ^ (value >> 8);
        return ~value;
    }
}
