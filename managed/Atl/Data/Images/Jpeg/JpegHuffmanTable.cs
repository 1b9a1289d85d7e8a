namespace Atl.Data;

/// <summary>A Huffman table of a JPEG (ITU-T T.81, annex C): codes of up to 16 bits for symbols of 8.</summary>
internal sealed class JpegHuffmanTable
{
    private const int LongestCode = 16, ShortCode = 8;

    private readonly ushort[] _short = new ushort[1 << ShortCode];
    private readonly int[] _first = new int[LongestCode + 1], _end = new int[LongestCode + 1],
        _symbolOf = new int[LongestCode + 1];
    private readonly byte[] _symbols;

    private JpegHuffmanTable(byte[] symbols) => _symbols = symbols;

    /// <summary>The table of a DHT segment; null where there are more codes than bits.</summary>
    /// <param name="counts">How many codes there are of each length from 1 to 16.</param>
    /// <param name="symbols">The symbols in the order of their codes.</param>
    public static JpegHuffmanTable? Create(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        JpegHuffmanTable table = new(symbols.ToArray());
        int code = 0, symbol = 0;
        for (int length = 1; length <= LongestCode; length++, code <<= 1)
        {
            (table._first[length], table._symbolOf[length]) = (code, symbol);
            for (int i = 0; i < counts[length - 1]; i++, code++, symbol++)
            {
                if (code >= 1 << length) return null;
                if (length > ShortCode) continue;
                int rest = ShortCode - length;
                table._short.AsSpan(code << rest, 1 << rest).Fill((ushort)((length << 8) | symbols[symbol]));
            }
            table._end[length] = code;
        }
        return table;
    }

    /// <summary>Takes a code and returns its symbol; 0 where there is no such code, as libjpeg does.</summary>
    public int Read(ref JpegBits bits)
    {
        int next = bits.Peek(LongestCode);
        int entry = _short[next >> (LongestCode - ShortCode)];
        if (entry != 0)
        {
            bits.Read(entry >> 8);
            return entry & 0xFF;
        }
        for (int length = ShortCode + 1; length <= LongestCode; length++)
        {
            int code = next >> (LongestCode - length);
            if (code < _first[length] || code >= _end[length]) continue;
            bits.Read(length);
            return _symbols[_symbolOf[length] + code - _first[length]];
        }
        bits.Read(LongestCode);
        return 0;
    }
}
