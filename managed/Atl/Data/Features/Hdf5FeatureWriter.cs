using PureHDF;
using PureHDF.Selections;

namespace Atl.Data;

/// <summary>
/// Features as an HDF5 file. Its array's extents stand before its values, so the rows wait in a temporary file beside
/// it until their number is known.
/// </summary>
internal sealed class Hdf5FeatureWriter : FeatureWriter
{
    private const int ValuesAtOnce = 1 << 22;

    private readonly Stream _target;
    private readonly WaitingRows _waiting;

    public Hdf5FeatureWriter(string path, Stream target)
        : base(path)
    {
        _target = target;
        _waiting = new WaitingRows(path);
    }

    internal override void Complete()
    {
        ulong[] extents = [.. Row.Prepend(Rows).Select(extent => (ulong)extent)];
        H5Dataset<float[]> dataset = new(extents);
        H5File file = new() { [FeatureFile.Hdf5Array] = dataset };
        int width = checked((int)Row.Count), rowsAtOnce = Math.Max(1, ValuesAtOnce / Math.Max(1, width));
        _waiting.Rewind();
        using H5NativeWriter writer = file.BeginWrite(_target);
        for (int first = 0; first < Rows; first += rowsAtOnce)
        {
            int count = Math.Min(rowsAtOnce, Rows - first);
            float[] values = new float[count * width];
            _waiting.Read(values);
            ulong[] starts = new ulong[extents.Length], blocks = [(ulong)count, .. extents[1..]];
            starts[0] = (ulong)first;
            writer.Write(dataset, values, fileSelection: new HyperslabSelection(extents.Length, starts, blocks));
        }
    }

    protected override void Write(Shape shape, ReadOnlySpan<float> values, string? name) => _waiting.Append(values);

    protected override void Close() => _waiting.Dispose();
}
