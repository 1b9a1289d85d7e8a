using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// Reads the numbers of a NumPy array file (.npy,
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions 1 to 3) a part at a time, so that
/// arrays of any length can be read: little-endian floats, integers and booleans, as floats.
/// </summary>
/// <remarks>Not for use by several threads at once.</remarks>
internal sealed partial class NpyReader : IDisposable
{
    private const int BufferBytes = 1 << 20, MostPiped = 1 << 30;

    // NumPy itself writes headers of some hundred bytes, and refuses to read those above 10,000 unless told to.
    private const int LongestHeader = 1 << 16;

    private readonly string _path;
    private readonly Stream _stream;
    private readonly string _type;
    private readonly int _size;
    private readonly long _start;
    private byte[] _buffer = [];
    private long _position;

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="AtlException">The file is missing, truncated or too long, or holds something else than
    /// numbers.</exception>
    public NpyReader(string path)
        : this(path, UserFile.Open(path, "a NumPy array (.npy)", MostPiped), length: null)
    {
    }

    /// <summary>Reads the header of an array in a stream, which is closed with the reader.</summary>
    /// <param name="path">What the array is called, for messages.</param>
    /// <param name="stream">The array's bytes; where it cannot seek, values are read in their order alone.</param>
    /// <param name="length">How many bytes there are; null if the stream states it.</param>
    /// <param name="allowText">Whether the array may hold text (<see cref="ReadText"/>).</param>
    /// <exception cref="AtlException">The array is truncated or too long, or holds something else.</exception>
    internal NpyReader(string path, Stream stream, long? length, bool allowText = false)
    {
        _path = path;
        _stream = stream;
        try
        {
            long all = length ?? stream.Length;
            string header = ReadHeader(all);
            Match type = Descr().Match(header), order = FortranOrder().Match(header), dims = ShapeTuple().Match(header);
            if (!type.Success || !order.Success || !dims.Success)
                throw new AtlException($"{path}: the header '{header.Trim().ReplaceLineEndings(" ")}' is not "
                    + "understood");
            Shape = ParseShape(dims.Groups[1].Value);
            IsColumnMajor = order.Groups[1].Value == "True";
            _type = type.Groups[1].Value;
            _size = allowText && TextSize() is { } size ? size : ElementSize();
            _start = _position;
            long bytes = all - _start;
            Int128 claimed = (Int128)Shape.Count * _size;
            if (bytes != claimed) throw new AtlException(
                $"{path}: {bytes} bytes of values, expected {claimed} for shape {Shape} of {_type}");
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>The first bytes of every such file.</summary>
    internal static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The array's extents.</summary>
    public Shape Shape { get; }

    /// <summary>Whether the first index varies fastest in the file (Fortran's order), not the last one.</summary>
    public bool IsColumnMajor { get; }

    /// <summary>Reads elements [<paramref name="start"/>, <paramref name="start"/> + length of
    /// <paramref name="values"/>) in the order of the file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no such elements.</exception>
    /// <exception cref="AtlException">The file cannot be read.</exception>
    public void Read(long start, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Shape.Count - values.Length);
        int count = values.Length;
        if (TextSize() is not null) throw new AtlException($"{_path}: elements of type '{_type}', expected numbers");
        try
        {
            if (_position != _start + start * _size) _stream.Position = _start + start * _size;
            if (_type == "<f4" && BitConverter.IsLittleEndian) ReadFloats(values);
            else ReadOthers(values);
            _position = _start + (start + count) * _size;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new AtlException($"{_path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>All elements of an array of text (types U and S), without the zeros that fill them up.</summary>
    /// <exception cref="AtlException">The array holds numbers, or cannot be read.</exception>
    internal string[] ReadText()
    {
        if (TextSize() is null)
            throw new AtlException($"{_path}: elements of type '{_type}', expected text ('<U…' or '|S…')");
        Encoding encoding = _type[1] == 'U' ? Encoding.UTF32 : Encoding.UTF8;
        string[] texts = new string[Shape.Count];
        byte[] element = new byte[_size];
        try
        {
            for (int i = 0; i < texts.Length; i++)
            {
                _stream.ReadExactly(element);
                texts[i] = encoding.GetString(element).TrimEnd('\0');
            }
            return texts;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new AtlException($"{_path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    private void ReadFloats(Span<float> values)
    {
        // Bytes are counted by ints, too: an array of 2 GiB and more is read in parts.
        for (int part; !values.IsEmpty; values = values[part..])
        {
            part = Math.Min(values.Length, BufferBytes);
            _stream.ReadExactly(MemoryMarshal.AsBytes(values[..part]));
        }
    }

    private void ReadOthers(Span<float> values)
    {
        if (_buffer.Length == 0) _buffer = new byte[BufferBytes];
        for (int part; !values.IsEmpty; values = values[part..])
        {
            part = Math.Min(values.Length, BufferBytes / _size);
            Span<byte> bytes = _buffer.AsSpan(0, part * _size);
            _stream.ReadExactly(bytes);
            for (int i = 0; i < part; i++) values[i] = Element(bytes.Slice(i * _size, _size));
        }
    }

    private string ReadHeader(long all)
    {
        byte[] prefix = new byte[12];
        int read = _stream.ReadAtLeast(prefix.AsSpan(0, 10), 10, throwOnEndOfStream: false);
        if (read < 10 || !prefix.AsSpan().StartsWith(Magic))
            throw new AtlException($"{_path}: not a NumPy array file (.npy)");
        if (prefix[6] is < 1 or > 3)
            throw new AtlException($"{_path}: version {prefix[6]} of the .npy format, expected 1 to 3");
        int prefixLength = prefix[6] == 1 ? 10 : 12;
        if (_stream.ReadAtLeast(prefix.AsSpan(10, prefixLength - 10), prefixLength - 10,
            throwOnEndOfStream: false) < prefixLength - 10)
            throw new AtlException($"{_path}: truncated in its header");
        ReadOnlySpan<byte> written = prefix.AsSpan(8);
        long length = prefixLength == 10 ? BinaryPrimitives.ReadUInt16LittleEndian(written)
            : BinaryPrimitives.ReadUInt32LittleEndian(written);
        if (prefixLength + length > all) throw new AtlException($"{_path}: truncated in its header");
        if (length > LongestHeader)
            throw new AtlException($"{_path}: a header of {length} bytes, expected at most {LongestHeader}");
        byte[] header = new byte[length];
        _stream.ReadExactly(header);
        _position = prefixLength + length;
        return Encoding.UTF8.GetString(header);
    }

    // The bytes of an element of text; null where elements are none.
    private int? TextSize() => _type is ['<' or '|', 'U' or 'S', ..]
        && int.TryParse(_type.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            && length is > 0 and < 1 << 20
            ? length * (_type[1] == 'U' ? 4 : 1)
            : null;

    private Shape ParseShape(string tuple)
    {
        List<int> dims = [];
        foreach (string dim in tuple.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            // Python 2 wrote long integers with an L.
            dims.Add(int.TryParse(dim.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out int extent)
                ? extent
                : throw new AtlException($"{_path}: the shape ({tuple}) is not understood"));
        try
        {
            return new Shape([.. dims]);
        }
        catch (ShapeException e)
        {
            throw new AtlException($"{_path}: {e.Message}", e);
        }
    }

    private int ElementSize() => _type switch
    {
        "<f2" => 2,
        "<f4" or "<i4" or "<u4" => 4,
        "<f8" or "<i8" or "<u8" => 8,
        "<i2" or "<u2" => 2,
        "|u1" or "|i1" or "|b1" => 1,
        _ => throw new AtlException($"{_path}: elements of type '{_type}', expected little-endian floats or "
            + "integers ('<f4', '<f8', '<i8', '|u1', ...)"),
    };

    private float Element(ReadOnlySpan<byte> bytes) => _type switch
    {
        "<f2" => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        "<f4" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        "<f8" => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        "<i2" => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        "<u2" => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        "<i4" => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        "<u4" => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        "<i8" => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        "<u8" => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        "|i1" => (sbyte)bytes[0],
        _ => bytes[0],
    };

    [GeneratedRegex("'descr'\\s*:\\s*'([^']*)'")]
    private static partial Regex Descr();

    [GeneratedRegex("'fortran_order'\\s*:\\s*(True|False)")]
    private static partial Regex FortranOrder();

    [GeneratedRegex("'shape'\\s*:\\s*\\(([^)]*)\\)")]
    private static partial Regex ShapeTuple();
}
