using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Atl.Proto;

/// <summary>
/// NVIDIA/caffe (0.16 and later) stores a blob's values as bytes: raw_data, of the type that raw_data_type names, and
/// raw_diff likewise. They
/// become data (float and half) or double_data, as BVLC Caffe stores them.
/// </summary>
internal static class RawBlobs
{
    /// <summary>Decodes the parameters of a net's layers; returns the number of blobs changed.</summary>
    /// <exception cref="AtlException">
    /// The bytes do not fit type or shape; the message names layer and field.
    /// </exception>
    internal static int Apply(NetParameter net)
    {
        int changed = 0;
        foreach (LayerParameter layer in net.Layer)
            for (int i = 0; i < layer.Blobs.Count; i++)
                if (Apply(layer.Blobs[i], $"{SourceMap.Prefix(layer.Blobs[i])}layer '{layer.Name}': blobs[{i}]."))
                    changed++;
        return changed;
    }

    /// <summary>Decodes the history of a solver state that was read from a file.</summary>
    /// <exception cref="AtlException">The bytes do not fit type or shape; the message names file and field.</exception>
    public static void Apply(SolverState state, string path)
    {
        for (int i = 0; i < state.History.Count; i++) Apply(state.History[i], $"{path}: history[{i}].");
    }

    /// <summary>Decodes a blob; says whether there was anything to decode.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="place">What error messages begin with.</param>
    /// <exception cref="AtlException">The bytes do not fit type or shape.</exception>
    public static bool Apply(BlobProto blob, string place)
    {
        bool raw = blob.HasRawData || blob.HasRawDiff || blob.HasRawDataType || blob.HasRawDiffType;
        if (blob.HasRawData)
            Decode(blob, place, "data", blob.RawData, blob.HasRawDataType ? blob.RawDataType
                : null, blob.Data, blob.DoubleData);
        if (blob.HasRawDiff)
            Decode(blob, place, "diff", blob.RawDiff, blob.HasRawDiffType ? blob.RawDiffType
                : null, blob.Diff, blob.DoubleDiff);
        blob.ClearRawData();
        blob.ClearRawDiff();
        blob.ClearRawDataType();
        blob.ClearRawDiffType();
        return raw;
    }

    private static void Decode(BlobProto blob, string place, string field, ByteString bytes,
        BlobProto.Types.RawType? type,
        RepeatedField<float> floats, RepeatedField<double> doubles)
    {
        if (floats.Count + doubles.Count > 0)
            throw new AtlException($"{place}raw_{field} (NVIDIA/caffe) is beside {field}, expected one of them");
        int size = type switch
        {
            BlobProto.Types.RawType.Double => sizeof(double),
            BlobProto.Types.RawType.Float => sizeof(float),
            BlobProto.Types.RawType.Float16 => 2,
            null =>
                throw new AtlException($"{place}raw_{field} (NVIDIA/caffe) has no raw_{field}_type, expected "
                    + "DOUBLE, FLOAT or FLOAT16"),
            _ => throw new AtlException($"{place}raw_{field}_type (NVIDIA/caffe) is {Name(type.Value)}, expected "
                + "DOUBLE, FLOAT or FLOAT16"),
        };
        if (StoredBlobs.Count(blob) is not { } count || bytes.Length / size != count || bytes.Length % size != 0)
            throw new AtlException(string.Create(CultureInfo.InvariantCulture,
                $"{place}raw_{field} (NVIDIA/caffe) holds {bytes.Length} bytes of {Name(type.Value)}, expected "
                    + $"{Expected(blob, size)}"));
        ReadOnlySpan<byte> from = bytes.Span;
        if (size == sizeof(double))
        {
            double[] values = new double[count];
            for (int i = 0; i < values.Length; i++)
                values[i] = BinaryPrimitives.ReadDoubleLittleEndian(from[(i * size)..]);
            doubles.Add(values);
        }
        else
        {
            float[] values = new float[count];
            for (int i = 0; i < values.Length; i++)
                values[i] = size == sizeof(float)
                    ? BinaryPrimitives.ReadSingleLittleEndian(from[(i * size)..])
                    : (float)BinaryPrimitives.ReadHalfLittleEndian(from[(i * size)..]);
            floats.Add(values);
        }
    }

    private static string Expected(BlobProto blob, int size)
    {
        string bytes = StoredBlobs.Count(blob) is { } count
            ? ((Int128)count * size).ToString(CultureInfo.InvariantCulture) + " for " : "another number of them and ";
        return $"{bytes}shape {StoredBlobs.Shape(blob)}";
    }

    // The name that text files have.
    private static string Name(BlobProto.Types.RawType type) =>
        BlobProto.Descriptor.EnumTypes[0].FindValueByNumber((int)type)?.Name
        ?? ((int)type).ToString(CultureInfo.InvariantCulture);
}
