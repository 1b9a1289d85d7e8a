using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// NumPy's array files, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html: written as little-endian float32 in C order
/// (version 1.0); read from float, integer and boolean arrays of either order, versions 1 to 3.
/// </summary>
public static partial class NpyFile
{
    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads an array as floats in row-major order.</summary>
    /// <exception cref="AtlException">The file is missing, truncated, or holds something else than numbers.</exception>
    public static (Shape Shape, float[] Values) Read(string path)
    {
        byte[] bytes = ReadBytes(path);
        if (bytes.Length < 10 || !bytes.AsSpan().StartsWith(Magic)) throw new AtlException($"{path}: not a NumPy array file (.npy)");
        int prefix = bytes[6] == 1 ? 10 : 12;
        if (bytes[6] is < 1 or > 3 || bytes.Length < prefix) throw new AtlException($"{path}: version {bytes[6]} of the .npy format, expected 1 to 3");
        long headerLength = prefix == 10 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8)) : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8));
        if (prefix + headerLength > bytes.Length) throw new AtlException($"{path}: truncated in its header");
        string header = Encoding.UTF8.GetString(bytes, prefix, (int)headerLength);
        Match type = Descr().Match(header), order = FortranOrder().Match(header), dims = ShapeTuple().Match(header);
        if (!type.Success || !order.Success || !dims.Success) throw new AtlException($"{path}: the header '{header.Trim()}' is not understood");
        Shape shape = ParseShape(path, dims.Groups[1].Value);
        ReadOnlySpan<byte> data = bytes.AsSpan(prefix + (int)headerLength);
        int size = ElementSize(path, type.Groups[1].Value);
        if (data.Length != shape.Count * size)
            throw new AtlException($"{path}: {data.Length} bytes of values, expected {shape.Count * size} for shape {shape} of {type.Groups[1].Value}");
        float[] values = new float[shape.Count];
        if (type.Groups[1].Value == "<f4" && BitConverter.IsLittleEndian)
            MemoryMarshal.Cast<byte, float>(data).CopyTo(values);
        else
            for (int i = 0; i < values.Length; i++) values[i] = Element(data.Slice(i * size, size), type.Groups[1].Value);
        return (shape, order.Groups[1].Value == "True" ? FromColumnMajor(values, shape) : values);
    }

    /// <summary>Writes a tensor.</summary>
    /// <exception cref="AtlException">The file cannot be written.</exception>
    public static void Write(string path, Tensor tensor)
    {
        byte[] head = Header(tensor.Shape.Dims);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(head);
            stream.Write(MemoryMarshal.AsBytes(tensor.AsReadOnlySpan()));
        });
    }

    /// <summary>What stands before the values of an array of floats: a whole number of 64 bytes, filled up with blanks.</summary>
    /// <param name="dims">The array's extents.</param>
    /// <param name="least">How many bytes it takes at least.</param>
    internal static byte[] Header(ReadOnlySpan<int> dims, int least = 0)
    {
        string tuple = string.Join(", ", dims.ToArray().Select(dim => dim.ToString(CultureInfo.InvariantCulture)));
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({tuple}{(dims.Length == 1 ? "," : "")}), }}";
        int prefix = Magic.Length + 4, total = (Math.Max(prefix + header.Length + 1, least) + Alignment - 1) / Alignment * Alignment;
        byte[] head = new byte[total];
        head.AsSpan().Fill((byte)' ');
        Magic.CopyTo(head);
        (head[6], head[7], head[^1]) = (1, 0, (byte)'\n');
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(8), (ushort)(total - prefix));
        Encoding.ASCII.GetBytes(header, head.AsSpan(prefix));
        return head;
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AtlException(File.Exists(path) ? $"{path}: cannot be read: {e.Message}" : $"{path}: no such file, expected a NumPy array (.npy)", e);
        }
    }

    private static Shape ParseShape(string path, string tuple)
    {
        List<int> dims = [];
        foreach (string dim in tuple.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            dims.Add(int.TryParse(dim, NumberStyles.None, CultureInfo.InvariantCulture, out int extent) ? extent : throw new AtlException($"{path}: the shape ({tuple}) is not understood"));
        return new Shape([.. dims]);
    }

    private static int ElementSize(string path, string type) => type switch
    {
        "<f2" => 2,
        "<f4" or "<i4" or "<u4" => 4,
        "<f8" or "<i8" or "<u8" => 8,
        "<i2" or "<u2" => 2,
        "|u1" or "|i1" or "|b1" => 1,
        _ => throw new AtlException($"{path}: elements of type '{type}', expected little-endian floats or integers ('<f4', '<f8', '<i8', '|u1', ...)"),
    };

    private static float Element(ReadOnlySpan<byte> bytes, string type) => type switch
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

    private static float[] FromColumnMajor(float[] values, Shape shape)
    {
        float[] rows = new float[values.Length];
        int[] index = new int[shape.NumAxes];
        for (int i = 0; i < values.Length; i++)
        {
            long place = 0;
            for (int axis = 0; axis < index.Length; axis++) place = place * shape[axis] + index[axis];
            rows[place] = values[i];
            for (int axis = 0; axis < index.Length && ++index[axis] == shape[axis]; axis++) index[axis] = 0;
        }
        return rows;
    }

    [GeneratedRegex("'descr'\\s*:\\s*'([^']*)'")]
    private static partial Regex Descr();

    [GeneratedRegex("'fortran_order'\\s*:\\s*(True|False)")]
    private static partial Regex FortranOrder();

    [GeneratedRegex("'shape'\\s*:\\s*\\(([^)]*)\\)")]
    private static partial Regex ShapeTuple();
}
