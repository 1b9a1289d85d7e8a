using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// NumPy's array files, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html: written as
/// little-endian float32 in C order (version 1.0); read as <see cref="NpyReader"/> does.
/// </summary>
internal static class NpyFile
{
    private const int Alignment = 64;

    /// <summary>Reads an array as floats in row-major order.</summary>
    /// <exception cref="AtlException">
    /// The file is missing, truncated, holds something else than numbers, or has more of them than one array of .NET
    /// (see <see cref="NpyReader"/> for those).
    /// </exception>
    public static (Shape Shape, float[] Values) Read(string path)
    {
        using NpyReader reader = new(path);
        return Read(reader, path);
    }

    /// <summary>All values of an array in row-major order.</summary>
    internal static (Shape Shape, float[] Values) Read(NpyReader reader, string path)
    {
        if (reader.Shape.Count > Array.MaxLength)
            throw new AtlException($"{path}: an array of shape {reader.Shape}, expected at most "
                + $"{Array.MaxLength} values here");
        float[] values = new float[reader.Shape.Count];
        reader.Read(0, values);
        return (reader.Shape, reader.IsColumnMajor ? FromColumnMajor(values, reader.Shape) : values);
    }

    /// <summary>Writes a tensor.</summary>
    /// <exception cref="AtlException">The file cannot be written.</exception>
    public static void Write(string path, Tensor tensor)
    {
        byte[] head = Header(tensor.Shape.Dims);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(head);
            foreach ((long first, int count) in tensor.Parts())
            {
                using ReadOnlyElementLoan part = tensor.Borrow(first, count);
                Write(stream, part.Span);
            }
        });
    }

    /// <summary>Writes values; a span of bytes holds a quarter of what one of floats does, so they are written in
    /// parts.</summary>
    internal static void Write(Stream stream, ReadOnlySpan<float> values)
    {
        const int Most = 1 << 20;
        for (int part; !values.IsEmpty; values = values[part..])
        {
            part = Math.Min(values.Length, Most);
            stream.Write(MemoryMarshal.AsBytes(values[..part]));
        }
    }

    /// <summary>
    /// The header before the values of an array of floats: a multiple of 64 bytes, padded with spaces.
    /// </summary>
    /// <param name="dims">The array's extents.</param>
    /// <param name="least">How many bytes it takes at least.</param>
    /// <param name="type">NumPy's word for the type of elements.</param>
    internal static byte[] Header(ReadOnlySpan<int> dims, int least = 0, string type = "<f4")
    {
        string tuple = string.Join(", ", dims.ToArray().Select(dim => dim.ToString(CultureInfo.InvariantCulture)));
        string header =
            $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({tuple}{(dims.Length == 1 ? "," : "")}), }}";
        int prefix = NpyReader.Magic.Length + 4,
            total = (Math.Max(prefix + header.Length + 1, least) + Alignment - 1) / Alignment * Alignment;
        byte[] head = new byte[total];
        head.AsSpan().Fill((byte)' ');
        NpyReader.Magic.CopyTo(head);
        (head[6], head[7], head[^1]) = (1, 0, (byte)'\n');
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(8), (ushort)(total - prefix));
        Encoding.ASCII.GetBytes(header, head.AsSpan(prefix));
        return head;
    }

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
}
