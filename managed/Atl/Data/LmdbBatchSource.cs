using Atl.Proto;

namespace Atl.Data;

/// <summary>The records of an LMDB as labelled images, over and over.</summary>
internal sealed class LmdbBatchSource(LmdbReader reader, long skip) : IBatchSource
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

    private sealed record Record(Datum Datum, string Source, string Key) : BatchItem(Datum.Label)
    {
        public override string Place => $"{Source}: record '{Key}'";

        public override ItemImage Open(DatumTransformer transformer) => transformer.Open(Datum);
    }
}
