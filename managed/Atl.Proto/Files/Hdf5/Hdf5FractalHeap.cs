using System.Numerics;

namespace Atl.Proto;

/// <summary>A heap of many small objects ("fractal heap") of an HDF5 file, such as the links of a large group. (HDF5
/// File Format Specification 3.0, III.G.)</summary>
internal sealed class Hdf5FractalHeap
{
    private const int ChecksumSize = 4;

    // More rows than a heap of 2^64 bytes has.
    private const int MostRows = 128;

    private readonly Hdf5Bytes _bytes;
    private readonly string _what, _place;
    private readonly int _offsetSize, _lengthSize, _width, _directRows;
    private readonly ulong _startSize;
    private readonly List<(ulong Offset, ulong Size, ulong At)> _blocks = [];

    /// <summary>Finds the blocks of a heap.</summary>
    /// <exception cref="AtlException">It is damaged, or its blocks are packed.</exception>
    public Hdf5FractalHeap(Hdf5Bytes bytes, ulong address, string what)
    {
        (_bytes, _what, _place) = (bytes, what, bytes.Place(what, address));
        byte[] all = bytes.Read(bytes.At(address),
            (ulong)(22 + 12 * bytes.LengthSize + 3 * bytes.OffsetSize + ChecksumSize), what);
        Hdf5Fields fields = new(all, _place);
        fields.Expect("FRHP"u8);
        fields.Skip(3);
        if (fields.UInt16() != 0) throw new AtlException($"{_place} is packed by filters, expected it as it is");
        // Its sum covers no filters.
        Hdf5Bytes.CheckSum(all, _place);
        fields.Skip(1);
        uint mostObject = fields.UInt32();
        fields.Skip(10 * bytes.LengthSize + 2 * bytes.OffsetSize);
        _width = fields.UInt16();
        _startSize = fields.Number(bytes.LengthSize);
        ulong mostDirect = fields.Number(bytes.LengthSize);
        int bits = fields.UInt16();
        fields.Skip(2);
        ulong root = fields.Number(bytes.OffsetSize);
        int rows = fields.UInt16();
        if (_width == 0 || !BitOperations.IsPow2(_startSize) || !BitOperations.IsPow2(mostDirect)
            || mostDirect < _startSize || bits is 0 or > 64 || rows > MostRows)
            throw new AtlException($"{_place} has rows of {_width} blocks of {_startSize} to {mostDirect} bytes "
                + "(damaged)");
        _offsetSize = (bits + 7) / 8;
        _lengthSize = Math.Min((BitOperations.Log2(mostDirect) + 7) / 8, (BitOperations.Log2(mostObject) + 7) / 8);
        _directRows = BitOperations.Log2(mostDirect) - BitOperations.Log2(_startSize) + 2;
        if (root == bytes.Undefined) return;
        if (rows == 0) _blocks.Add((0, _startSize, bytes.At(root)));
        else AddBlocks(root, rows);
        _blocks.Sort();
    }

    /// <summary>An object.</summary>
    /// <param name="id">What stands for it.</param>
    /// <exception cref="AtlException">The heap does not have it.</exception>
    public byte[] Object(ReadOnlySpan<byte> id)
    {
        const int Type = 0x30;
        Hdf5Fields fields = new(id, _place);
        if ((fields.Byte() & Type) != 0) throw new AtlException($"{_place} has an object of its own place, expected "
            + "all in its blocks");
        ulong offset = fields.Number(_offsetSize), length = fields.Number(_lengthSize);
        int at = _blocks.BinarySearch((offset, ulong.MaxValue, ulong.MaxValue));
        at = (at < 0 ? ~at : at) - 1;
        if (at < 0 || offset - _blocks[at].Offset is var within && (within >= _blocks[at].Size
            || length > _blocks[at].Size - within))
            throw new AtlException($"{_place} has no {length} bytes at its byte {offset} (damaged)");
        return _bytes.Read(_blocks[at].At + within, length, _what);
    }

    private void AddBlocks(ulong root, int rootRows)
    {
        HashSet<ulong> known = [];
        Stack<(ulong Address, int Rows, ulong Offset)> indirect = new([(root, rootRows, 0)]);
        while (indirect.TryPop(out (ulong Address, int Rows, ulong Offset) next))
        {
            string place = _bytes.Place(_what, next.Address);
            if (!known.Add(next.Address)) throw new AtlException($"{place} is led to twice (damaged)");
            int head = 5 + _bytes.OffsetSize + _offsetSize;
            byte[] all = _bytes.Read(_bytes.At(next.Address),
                (ulong)(head + next.Rows * _width * _bytes.OffsetSize + ChecksumSize), _what);
            Hdf5Bytes.CheckSum(all, place);
            Hdf5Fields fields = new(all, place);
            fields.Expect("FHIB"u8);
            fields.Skip(head - 4);
            ulong offset = next.Offset;
            for (int row = 0; row < next.Rows; row++)
            {
                ulong size = row == 0 ? _startSize : _startSize << Math.Min(63, row - 1);
                for (int i = 0; i < _width; i++, offset += size)
                {
                    ulong address = fields.Number(_bytes.OffsetSize);
                    if (address == _bytes.Undefined) continue;
                    if (row < _directRows) _blocks.Add((offset, size, _bytes.At(address)));
                    else indirect.Push((address, RowsOf(size), offset));
                }
            }
        }
    }

    // The rows of an indirect block that stands for so many bytes: its rows double from the second on.
    private int RowsOf(ulong size) =>
        Math.Max(1, BitOperations.Log2(size) - BitOperations.Log2(_startSize * (ulong)_width) + 1);
}
