using System.Globalization;

namespace Atl.Proto;

/// <summary>What the header of an HDF5 array claims: its extents, the size of its elements, and where its values
/// are.</summary>
internal sealed class Hdf5Claim(string path, string name, Hdf5Stream file, ulong baseAddress, int offsetSize,
    int lengthSize)
{
    /// <summary>
    /// How many bytes the values of an array may take in memory: so many, and so many for each byte of the file, as
    /// packed values need.
    /// </summary>
    public const long FewestBytes = 1L << 28, BytesPerByte = 16;

    // Values that no one has written stand for nothing in the file.
    private const long MostFilled = 1 << 26;

    // A chunk is unpacked as a whole.
    private const long FewestChunkBytes = 1 << 28, FewestChunks = 1 << 16;

    private const byte Compact = 0, Contiguous = 1, Chunked = 2, Virtual = 3;
    private const byte Floats = 1;
    private const int MostAxes = 32;

    private ulong[]? _dims;
    private uint _elementSize;
    private byte _class, _layout = byte.MaxValue;
    private ulong _address, _stored;
    private ulong[] _chunk = [];

    private ulong Undefined => offsetSize == 8 ? ulong.MaxValue : (1UL << (8 * offsetSize)) - 1;

    /// <summary>Takes the extents.</summary>
    public void TakeDataspace(ref Hdf5Fields fields)
    {
        byte version = fields.Byte();
        if (version is not (1 or 2)) throw new AtlException(
            $"{fields.Place} is a dataspace of version {version}, expected 1 or 2");
        int axes = fields.Byte();
        if (axes > MostAxes) throw new AtlException($"{path}: '{name}' has {axes} axes, expected at most {MostAxes}");
        fields.Skip(version == 1 ? 6 : 2);
        _dims = new ulong[axes];
        for (int i = 0; i < axes; i++) _dims[i] = fields.Number(lengthSize);
    }

    /// <summary>Takes the size of the elements.</summary>
    public void TakeDatatype(ref Hdf5Fields fields)
    {
        _class = (byte)(fields.Byte() & 15);
        fields.Skip(3);
        _elementSize = fields.UInt32();
    }

    /// <summary>Takes where the values are.</summary>
    public void TakeLayout(ref Hdf5Fields fields)
    {
        byte version = fields.Byte();
        if (version is < 1 or > 4) throw new AtlException(
            $"{fields.Place} is a data layout of version {version}, expected 1 to 4");
        if (version < 3)
        {
            int axes = fields.Byte();
            _layout = fields.Byte();
            fields.Skip(5);
            if (_layout != Compact) _address = fields.Number(offsetSize);
            _chunk = new ulong[axes];
            for (int i = 0; i < axes; i++) _chunk[i] = fields.UInt32();
            if (_layout == Compact) _stored = fields.UInt32();
            return;
        }
        _layout = fields.Byte();
        switch (_layout)
        {
            case Compact:
                _stored = fields.UInt16();
                break;
            case Contiguous:
                (_address, _stored) = (fields.Number(offsetSize), fields.Number(lengthSize));
                break;
            case Chunked:
                TakeChunks(ref fields, version);
                break;
            case Virtual:
                throw new AtlException(
                    $"{path}: '{name}' is a virtual array with values in other files, expected its own values");
            default:
                throw new AtlException($"{fields.Place} is a data layout of class {_layout}, expected 0 to 2");
        }
    }

    /// <summary>Checks the claims, if there are any.</summary>
    /// <exception cref="AtlException">They go beyond what the file can hold; the message names file and
    /// array.</exception>
    public void Check()
    {
        if (_layout == byte.MaxValue || _dims is null) return;
        UInt128 count = 1;
        foreach (ulong dim in _dims)
        {
            if (dim != 0 && count > ulong.MaxValue / dim) throw TooLarge("more values than can be counted");
            count *= dim;
        }
        UInt128 bytes = count * Math.Max(1, _elementSize), inMemory = _class == Floats
            && _elementSize == sizeof(float) ? bytes : bytes + count * sizeof(float);
        switch (_layout)
        {
            case Compact:
                if (bytes > _stored) throw TooLarge($"{bytes} bytes of values, but its header holds {_stored}");
                break;
            case Contiguous when _address == Undefined || count == 0:
                CheckMemory(inMemory, MostFilled);
                break;
            case Contiguous:
                file.CheckPlace(unchecked(baseAddress + _address), bytes, $"the array '{name}' of shape {Text(_dims)}");
                break;
            case Chunked:
                CheckChunks(inMemory);
                break;
        }
    }

    private void TakeChunks(ref Hdf5Fields fields, byte version)
    {
        if (version == 4) fields.Skip(1);
        int axes = fields.Byte();
        if (version == 3) _address = fields.Number(offsetSize);
        int size = version == 3 ? sizeof(uint) : fields.Byte();
        _chunk = new ulong[axes];
        for (int i = 0; i < axes; i++) _chunk[i] = fields.Number(size);
        const byte FixedArray = 3;
        if (version == 4 && fields.Byte() == FixedArray)
        {
            fields.Skip(1);
            CheckFixedArray(fields.Number(offsetSize));
        }
    }

    // The index of chunks as an array, whose number of entries is claimed by its own header.
    private void CheckFixedArray(ulong address)
    {
        if (address == Undefined) return;
        ulong at = unchecked(baseAddress + address);
        byte[] header = new byte[8 + lengthSize];
        file.CheckPlace(at, (ulong)header.Length, $"the chunk index of '{name}'");
        file.Position = (long)at;
        file.ReadExactly(header);
        Hdf5Fields fields = new(header, $"{path}: the chunk index of '{name}'");
        fields.Skip(8);
        ulong entries = fields.Number(lengthSize);
        if (entries > (ulong)(file.Length + FewestChunks)) throw TooLarge(
            $"{entries} chunks, but the file has {file.Length} bytes");
    }

    private void CheckChunks(UInt128 inMemory)
    {
        // The last extent is the size of an element.
        if (_chunk.Length != _dims!.Length + 1 || _chunk.Contains(0UL))
            throw TooLarge($"chunks of shape {Text(_chunk)}, expected {_dims.Length} dims above 0 and the size of an "
                + "element");
        UInt128 chunkBytes = Math.Max(1, _elementSize), chunks = 1;
        for (int i = 0; i < _dims.Length; i++)
        {
            if (chunkBytes <= long.MaxValue) chunkBytes *= _chunk[i];
            UInt128 along = _dims[i] / _chunk[i] + (_dims[i] % _chunk[i] == 0 ? 0UL : 1UL);
            if (chunks <= long.MaxValue) chunks *= along;
        }
        if (chunkBytes > (UInt128)(FewestChunkBytes + BytesPerByte * file.Length))
            throw TooLarge($"chunks of shape {Text(_chunk[..^1])}, {chunkBytes} bytes, but the file has "
                + $"{file.Length} bytes");
        if (chunks > (UInt128)(FewestChunks + file.Length)) throw TooLarge(
            $"{chunks} chunks, but the file has {file.Length} bytes");
        CheckMemory(inMemory, _address == Undefined ? MostFilled : FewestBytes + BytesPerByte * file.Length);
    }

    private void CheckMemory(UInt128 bytes, long most)
    {
        if (bytes > (UInt128)most) throw TooLarge(
            $"values of shape {Text(_dims!)}, {bytes} bytes in memory, but the file has {file.Length} bytes");
    }

    private AtlException TooLarge(string claim) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{path}: '{name}' claims {claim} (damaged)"));

    private static string Text(ulong[] dims) =>
        string.Join(' ', dims.Select(dim => dim.ToString(CultureInfo.InvariantCulture)));
}
