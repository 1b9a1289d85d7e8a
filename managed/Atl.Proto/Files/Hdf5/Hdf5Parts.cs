using Google.Protobuf.Collections;
using PureHDF;
using PureHDF.Selections;

namespace Atl.Proto;

/// <summary>
/// Large arrays of HDF5 files, part by part: PureHDF turns what it writes or reads into bytes at once, and .NET's
/// spans hold 2 GiB of these.
/// </summary>
internal sealed class Hdf5Parts
{
    // Small enough to be in many tests, large enough that parts cost nothing.
    private const int Most = 1 << 20;

    private readonly List<(H5Dataset<float[]> Dataset, ulong[] Dims, RepeatedField<float> Values)> _waiting = [];

    /// <summary>
    /// The dataset of an array. The values of a large one are written by <see cref="Write"/>, once the file is begun.
    /// </summary>
    public H5Dataset Add(RepeatedField<float> values, ulong[] dims)
    {
        if (values.Count <= Most) return new H5Dataset((float[])[.. values], fileDims: dims);
        H5Dataset<float[]> dataset = new(dims);
        _waiting.Add((dataset, dims, values));
        return dataset;
    }

    /// <summary>Writes the values of the large arrays.</summary>
    public void Write(H5NativeWriter writer)
    {
        foreach ((H5Dataset<float[]> dataset, ulong[] dims, RepeatedField<float> values) in _waiting)
            foreach ((long first, int count, HyperslabSelection place) in Cut(dims))
            {
                float[] part = new float[count];
                for (int i = 0; i < count; i++) part[i] = values[(int)(first + i)];
                writer.Write(dataset, part, fileSelection: place);
            }
    }

    /// <summary>Reads an array of floats.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="dataset">The array.</param>
    /// <exception cref="AtlException">There are more values than one array of .NET holds.</exception>
    public static float[] Read(string path, IH5Dataset dataset)
    {
        ulong[] dims = dataset.Space.Dimensions;
        UInt128 count = 1;
        foreach (ulong dim in dims) count *= dim;
        if (count > (ulong)Array.MaxLength)
            throw new AtlException($"{path}: '{dataset.Name}' holds {count} values, expected at most "
                + $"{Array.MaxLength} in one parameter");
        if (count <= Most) return dataset.Read<float[]>();
        float[] values = new float[(int)count];
        foreach ((long first, int length, HyperslabSelection place) in Cut(dims))
            dataset.Read<float[]>(fileSelection: place).CopyTo(values.AsSpan((int)first, length));
        return values;
    }

    // Parts that lie together in row-major order: whole steps along one axis, at one index of each axis before it.
    private static IEnumerable<(long First, int Count, HyperslabSelection Place)> Cut(ulong[] dims)
    {
        int axis = dims.Length - 1;
        ulong inner = 1;
        while (axis > 0 && inner * dims[axis] <= Most) inner *= dims[axis--];
        ulong outer = 1, step = Most / inner;
        foreach (ulong dim in dims[..axis]) outer *= dim;
        long first = 0;
        for (ulong o = 0; o < outer; o++)
            for (ulong at = 0; at < dims[axis]; at += step)
            {
                ulong[] starts = new ulong[dims.Length], blocks = [.. dims];
                ulong rest = o;
                for (int a = axis - 1; a >= 0; a--)
                {
                    (rest, starts[a]) = Math.DivRem(rest, dims[a]);
                    blocks[a] = 1;
                }
                (starts[axis], blocks[axis]) = (at, Math.Min(step, dims[axis] - at));
                int count = (int)(blocks[axis] * inner);
                yield return (first, count, new HyperslabSelection(dims.Length, starts, blocks));
                first += count;
            }
    }
}
