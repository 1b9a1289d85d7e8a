using Atl.Proto;

namespace Atl.Data;

/// <summary>The records of a database as labeled images, over and over.</summary>
internal sealed class RecordBatchSource(RecordReader reader, long skip) : IBatchSource
{
    public IReadOnlyList<BatchItem> Read(long first, int count)
    {
        BatchItem[] items = new BatchItem[count];
        reader.Seek(first + skip);
        for (int i = 0; i < count; i++)
        {
            if (i > 0) reader.MoveNext();
            items[i] = new Record(reader.ReadDatum(), reader.Source, reader.Key);
        }
        return items;
    }

    public void Dispose() => reader.Dispose();

    private sealed record Record(Datum Datum, string Source, string Key) : BatchItem(LabelsOf(Datum))
    {
        public override string Place => $"{Source}: record '{Key}'";

        public override BatchSample Open(DatumTransformer transformer, long number) =>
            new TransformedImage(transformer.Open(Datum), transformer, number);

        private static ReadOnlyMemory<float> LabelsOf(Datum datum) => datum.FloatLabel.Count > 0
            ? (float[])[.. datum.FloatLabel] : [datum.Label];
    }
}
