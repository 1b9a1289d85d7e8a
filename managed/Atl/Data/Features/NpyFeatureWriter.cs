namespace Atl.Data;

/// <summary>Features as a NumPy array, whose header is written again when the number of rows is known.</summary>
internal sealed class NpyFeatureWriter(string path, Stream stream) : FeatureWriter(path)
{
    internal override void Complete()
    {
        byte[] header = Header(Rows);
        stream.Position = 0;
        stream.Write(header);
    }

    protected override void Write(Shape shape, ReadOnlySpan<float> values, string? name)
    {
        // Room for the largest number of rows, so that the final header takes as many bytes.
        if (stream.Position == 0) stream.Write(Header(int.MaxValue));
        NpyFile.Write(stream, values);
    }

    private byte[] Header(int rows) =>
        NpyFile.Header([rows, .. Row.Dims], NpyFile.Header([int.MaxValue, .. Row.Dims]).Length);
}
