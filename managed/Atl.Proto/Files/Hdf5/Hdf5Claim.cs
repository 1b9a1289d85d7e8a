using System.Globalization;

namespace Atl.Proto;

/// <summary>
/// The claims of an HDF5 array's header: its extents, the size of its elements, and the position of its values.
/// </summary>
internal sealed class Hdf5Claim(Hdf5Bytes bytes, string name)
{
    /// <summary>
    /// The limits on the memory for an array's values: a fixed number of bytes, and a number per byte of the file, as
    /// packed values need.
    /// </summary>
    public const long FewestBytes = 1L << 28, BytesPerByte = 16;

    // Values that no one has written stand for nothing in the file.
    private const long MostFilled = 1 << 26;

    // A chunk is unpacked as a whole.
    private const long FewestChunkBytes = 1 << 28, FewestChunks = 1 << 16;

    private const byte Compact = 0, Contiguous = 1, Chunked = 2, Virtual = 3;
    private const byte Integers = 0, Floats = 1;
    private const byte SingleChunk = 1, FixedArray = 3, ExtensibleArray = 4, Tree2 = 5, OldTree = 0;
    private const int MostAxes = 32;

    private ulong[]? _dims;
    private uint _elementSize;
    private byte _class, _layout = byte.MaxValue;
    private ulong _address, _stored;
    private ulong[] _chunk = [];
    private byte _index, _chunkFlags;
    private int _filters;
    private (ulong At, uint Mask) _onlyChunk;

    /// <summary>Takes the extents.</summary>
    public void TakeDataspace(ref Hdf5Fields fields)
    {
        byte version = fields.Byte();
        if (version is not (1 or 2)) throw new AtlException(
            $"{fields.Place} is a dataspace of version {version}, expected 1 or 2");
        int axes = fields.Byte();
        if (axes > MostAxes)
            throw new AtlException($"{bytes.Path}: '{name}' has {axes} axes, expected at most {MostAxes}");
        fields.Skip(version == 1 ? 6 : 2);
        _dims = new ulong[axes];
        for (int i = 0; i < axes; i++) _dims[i] = fields.Number(bytes.LengthSize);
    }

    /// <summary>Takes the type of the elements.</summary>
    /// <exception cref="AtlException">They are numbers that no processor knows.</exception>
    public void TakeDatatype(ref Hdf5Fields fields)
    {
        _class = (byte)(fields.Byte() & 15);
        fields.Skip(3);
        _elementSize = fields.UInt32();
        if (_class is not (Integers or Floats)) return;
        int offset = fields.UInt16(), precision = fields.UInt16();
        bool usual = offset == 0 && (ulong)precision == 8UL * _elementSize;
        if (usual && _class == Floats)
        {
            // Where the exponent is, its bits, and those of the fraction.
            (int, int, int) layout = (fields.Byte(), fields.Byte(), (fields.Byte(), fields.Byte()).Item2);
            usual = layout == _elementSize switch
            {
                2 => (10, 5, 10),
                4 => (23, 8, 23),
                8 => (52, 11, 52),
                _ => layout,
            };
        }
        if (!usual) throw new AtlException($"{bytes.Path}: '{name}' holds numbers of {precision} bits in "
            + $"{_elementSize} bytes, expected IEEE floats or whole integers; convert them, as with h5py's astype");
    }

    /// <summary>Takes the filters of the chunks.</summary>
    public void TakeFilters(ref Hdf5Fields fields) => _filters = Hdf5Pipeline.Read(ref fields);

    /// <summary>Takes where the values are.</summary>
    /// <param name="fields">The message.</param>
    /// <param name="at">Its place in the file.</param>
    public void TakeLayout(ref Hdf5Fields fields, ulong at)
    {
        int length = fields.Remaining;
        byte version = fields.Byte();
        if (version is < 1 or > 4) throw new AtlException(
            $"{fields.Place} is a data layout of version {version}, expected 1 to 4");
        if (version < 3)
        {
            int axes = fields.Byte();
            _layout = fields.Byte();
            fields.Skip(5);
            if (_layout != Compact) _address = fields.Number(bytes.OffsetSize);
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
                (_address, _stored) = (fields.Number(bytes.OffsetSize), fields.Number(bytes.LengthSize));
                break;
            case Chunked:
                TakeChunks(ref fields, version, at, length);
                break;
            case Virtual:
                throw new AtlException($"{bytes.Path}: '{name}' is a virtual array with values in other files, "
                    + "expected its own values; copy them, as with h5repack IN OUT");
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
        UInt128 size = count * Math.Max(1, _elementSize), inMemory = _class == Floats
            && _elementSize == sizeof(float) ? size : size + count * sizeof(float);
        switch (_layout)
        {
            case Compact:
                if (size > _stored) throw TooLarge($"{size} bytes of values, but its header holds {_stored}");
                break;
            case Contiguous when _address == bytes.Undefined || count == 0:
                CheckMemory(inMemory, MostFilled);
                break;
            case Contiguous:
                bytes.File.CheckPlace(bytes.At(_address), size, $"the array '{name}' of shape {Text(_dims)}");
                break;
            case Chunked:
                CheckChunks(inMemory);
                if (_filters > 0 && _address != bytes.Undefined) TakeMasks();
                break;
        }
    }

    private void TakeChunks(ref Hdf5Fields fields, byte version, ulong at, int length)
    {
        const byte FilteredChunk = 2;
        if (version == 4) _chunkFlags = fields.Byte();
        int axes = fields.Byte();
        if (version == 3) _address = fields.Number(bytes.OffsetSize);
        int size = version == 3 ? sizeof(uint) : fields.Byte();
        _chunk = new ulong[axes];
        for (int i = 0; i < axes; i++) _chunk[i] = fields.Number(size);
        if (version == 3) return;
        _index = fields.Byte();
        switch (_index)
        {
            case SingleChunk when (_chunkFlags & FilteredChunk) != 0:
                fields.Skip(bytes.LengthSize);
                _onlyChunk = (at + (ulong)(length - fields.Remaining), fields.UInt32());
                break;
            case FixedArray:
                fields.Skip(1);
                break;
            case ExtensibleArray:
                fields.Skip(5);
                break;
            case Tree2:
                fields.Skip(6);
                break;
        }
        _address = fields.Number(bytes.OffsetSize);
        if (_index == FixedArray) CheckFixedArray(_address);
    }

    // The index of chunks as an array, whose number of entries is claimed by its own header.
    private void CheckFixedArray(ulong address)
    {
        if (address == bytes.Undefined) return;
        ulong at = bytes.At(address);
        byte[] header = new byte[8 + bytes.LengthSize];
        bytes.File.CheckPlace(at, (ulong)header.Length, $"the chunk index of '{name}'");
        bytes.File.Position = (long)at;
        bytes.File.ReadExactly(header);
        Hdf5Fields fields = new(header, $"{bytes.Path}: the chunk index of '{name}'");
        fields.Skip(8);
        ulong entries = fields.Number(bytes.LengthSize);
        if (entries > (ulong)(bytes.File.Length + FewestChunks)) throw TooLarge(
            $"{entries} chunks, but the file has {bytes.File.Length} bytes");
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
        if (chunkBytes > (UInt128)(FewestChunkBytes + BytesPerByte * bytes.File.Length))
            throw TooLarge($"chunks of shape {Text(_chunk[..^1])}, {chunkBytes} bytes, but the file has "
                + $"{bytes.File.Length} bytes");
        if (chunks > (UInt128)(FewestChunks + bytes.File.Length)) throw TooLarge(
            $"{chunks} chunks, but the file has {bytes.File.Length} bytes");
        CheckMemory(inMemory, _address == bytes.Undefined ? MostFilled
            : FewestBytes + BytesPerByte * bytes.File.Length);
    }

    private void TakeMasks()
    {
        const byte UnpackedEdges = 1;
        if ((_chunkFlags & UnpackedEdges) != 0 && _dims!.Zip(_chunk).Any(axis => axis.First % axis.Second != 0))
            throw new AtlException($"{bytes.Path}: '{name}' has chunks at its edges that are not packed, expected "
                + "filters for all; pack it anew, as with h5repack -f GZIP=4 IN OUT");
        Hdf5ChunkMasks masks = new(bytes, name, _dims!.Length, _filters);
        switch (_index)
        {
            case OldTree:
                masks.TakeTree(_address);
                break;
            case SingleChunk:
                masks.Take(_onlyChunk.At, _address, _onlyChunk.Mask);
                break;
            case FixedArray:
                masks.TakeFixedArray(_address);
                break;
            case ExtensibleArray:
                masks.TakeExtensibleArray(_address);
                break;
            case Tree2:
                masks.TakeTree2(_address);
                break;
        }
    }

    private void CheckMemory(UInt128 size, long most)
    {
        if (size > (UInt128)most) throw TooLarge(
            $"values of shape {Text(_dims!)}, {size} bytes in memory, but the file has {bytes.File.Length} bytes");
    }

    private AtlException TooLarge(string claim) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{bytes.Path}: '{name}' claims {claim} (damaged)"));

    private static string Text(ulong[] dims) =>
        string.Join(' ', dims.Select(dim => dim.ToString(CultureInfo.InvariantCulture)));
}
