using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PureHDF;

namespace Atl.Proto;

/// <summary>The numbers of an HDF5 array: integers and IEEE floats of any size and byte order.</summary>
internal static class Hdf5Numbers
{
    /// <summary>Reads an array as floats; a scalar is one value.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="dataset">The array.</param>
    /// <exception cref="AtlException">It holds something else than numbers, or nothing.</exception>
    public static float[] ReadFloats(string path, IH5Dataset dataset)
    {
        bool signed = dataset.Type.Class == H5DataTypeClass.FixedPoint && dataset.Type.FixedPoint.IsSigned;
        return (dataset.Type.Class, dataset.Type.Size, signed) switch
        {
            (H5DataTypeClass.FloatingPoint, 2, _) => Converted<Half>(path, dataset, value => (float)value),
            (H5DataTypeClass.FloatingPoint, 4, _) => Read<float>(path, dataset),
            (H5DataTypeClass.FloatingPoint, 8, _) => Converted<double>(path, dataset, value => (float)value),
            (H5DataTypeClass.FixedPoint, 1, true) => Converted<sbyte>(path, dataset, value => value),
            (H5DataTypeClass.FixedPoint, 1, false) => Converted<byte>(path, dataset, value => value),
            (H5DataTypeClass.FixedPoint, 2, true) => Converted<short>(path, dataset, value => value),
            (H5DataTypeClass.FixedPoint, 2, false) => Converted<ushort>(path, dataset, value => value),
            (H5DataTypeClass.FixedPoint, 4, true) => Converted<int>(path, dataset, value => value),
            (H5DataTypeClass.FixedPoint, 4, false) => Converted<uint>(path, dataset, value => value),
            (H5DataTypeClass.FixedPoint, 8, true) => Converted<long>(path, dataset, value => value),
            (H5DataTypeClass.FixedPoint, 8, false) => Converted<ulong>(path, dataset, value => value),
            _ => throw new AtlException($"{path}: '{dataset.Name}' holds {NameOf(dataset.Type)}, expected floats or "
                + "integers"),
        };
    }

    /// <summary>Reads an array of a type of numbers; a scalar is one value.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="dataset">The array, whose elements have the type's size.</param>
    /// <exception cref="AtlException">It holds nothing.</exception>
    public static T[] Read<T>(string path, IH5Dataset dataset) where T : unmanaged
    {
        if (dataset.Space.Type == H5DataspaceType.Null) throw new AtlException(
            $"{path}: '{dataset.Name}' is empty (a null dataspace), expected values");
        bool scalar = dataset.Space.Type == H5DataspaceType.Scalar;
        try
        {
            return scalar ? [dataset.Read<T>()]
                : typeof(T) == typeof(float) ? (T[])(object)Hdf5Parts.Read(path, dataset) : dataset.Read<T[]>();
        }
        // What PureHDF says of numbers whose first byte is the highest. It gives their bytes as they are.
        catch (Exception e) when (e.Message.StartsWith("Byte order conversion", StringComparison.Ordinal))
        {
            byte[] bytes = dataset.Read<byte[]>();
            Span<T> values = MemoryMarshal.Cast<byte, T>(bytes.AsSpan());
            Reverse(bytes, values.Length == 0 ? 1 : bytes.Length / values.Length);
            return values.ToArray();
        }
    }

    /// <summary>Describes the elements of an array, for messages.</summary>
    public static string NameOf(IH5DataType type) => type.Class switch
    {
        H5DataTypeClass.FloatingPoint => $"floats of {type.Size} bytes",
        H5DataTypeClass.FixedPoint => $"integers of {type.Size} bytes",
        H5DataTypeClass.String => "text",
        H5DataTypeClass.VariableLength => "text or rows of varying length",
        H5DataTypeClass.Compound => "compounds of several values",
        H5DataTypeClass.Enumerated => "names of an enumeration (such as NumPy's bool)",
        _ => $"elements of HDF5's class {type.Class}",
    };

    private static void Reverse(byte[] bytes, int size)
    {
        switch (size)
        {
            case 2:
                Span<ushort> shorts = MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan());
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                Span<uint> ints = MemoryMarshal.Cast<byte, uint>(bytes.AsSpan());
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                Span<ulong> longs = MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan());
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }

    private static float[] Converted<T>(string path, IH5Dataset dataset, Converter<T, float> convert)
        where T : unmanaged => Array.ConvertAll(Read<T>(path, dataset), convert);
}
