using System.Globalization;
using System.Text;

namespace Atl.Data;

/// <summary>
/// Features as comma-separated values under a line <c>name,v1,v2,…</c>: each row its name, or its number where it has
/// none, and as many values, with the digits by which the same float is read back.
/// </summary>
internal sealed class CsvFeatureWriter(string path, Stream stream) : FeatureWriter(path)
{
    private readonly StreamWriter _writer =
        new(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
    private bool _begun;

    internal override void Complete()
    {
        _ = Row;
        _writer.Flush();
    }

    protected override void Write(Shape shape, ReadOnlySpan<float> values, string? name)
    {
        int width = (int)shape.CountFrom(1);
        if (!_begun) Begin(width);
        for (int row = 0; row < shape[0]; row++)
        {
            _writer.Write(name is null ? (Rows + row).ToString(CultureInfo.InvariantCulture)
                : CsvLine.Quote(QuotedName.Of(name)));
            foreach (float value in values.Slice(row * width, width))
            {
                _writer.Write(',');
                _writer.Write(value.ToString("R", CultureInfo.InvariantCulture));
            }
            _writer.WriteLine();
        }
    }

    private void Begin(int width)
    {
        _begun = true;
        _writer.Write(FeatureFile.CsvName);
        for (int i = 1; i <= width; i++) _writer.Write(string.Create(CultureInfo.InvariantCulture, $",v{i}"));
        _writer.WriteLine();
    }

    protected override void Close() => _writer.Dispose();
}
