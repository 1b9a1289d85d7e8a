using System.Globalization;
using Atl.Proto;

namespace Atl.Data;

/// <summary>Features as a database of Datum records, a row a record.</summary>
internal sealed class RecordFeatureWriter(string path, RecordWriter records) : FeatureWriter(path)
{
    internal override void Complete() => _ = Row;

    protected override void Write(Shape shape, ReadOnlySpan<float> values, string? name)
    {
        int rows = shape[0], size = rows == 0 ? 0 : values.Length / rows;
        for (int row = 0; row < rows; row++)
        {
            Datum datum = new() { Channels = shape.Legacy(1), Height = shape.Legacy(2), Width = shape.Legacy(3) };
            datum.FloatData.AddRange(values.Slice(row * size, size).ToArray());
            records.Put(records.Count.ToString("D10", CultureInfo.InvariantCulture), datum);
        }
    }
}
