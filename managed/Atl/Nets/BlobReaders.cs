namespace Atl.Nets;

/// <summary>A layer that reads a blob, and as which of its bottoms.</summary>
internal readonly record struct BlobReader(int Node, int Bottom);

/// <summary>The readers of each blob of a net, in the order of the layers; those of all blobs lie in one
/// array.</summary>
internal sealed class BlobReaders
{
    private readonly Range[] _ranges;
    private readonly BlobReader[] _readers;

    /// <summary>The readers in a net of so many blobs.</summary>
    public BlobReaders(IReadOnlyList<NetNode> nodes, int blobs)
    {
        _ranges = new Range[blobs];
        int all = 0;
        foreach (NetNode node in nodes)
        {
            foreach (Blob blob in node.Bottom) _ranges[blob.Index].Count++;
            all += node.Bottom.Count;
        }
        _readers = new BlobReader[all];
        int next = 0;
        for (int i = 0; i < nodes.Count; i++)
            for (int j = 0; j < nodes[i].Bottom.Count; j++)
            {
                ref Range range = ref _ranges[nodes[i].Bottom[j].Index];
                if (range.Filled == 0)
                {
                    range.Start = next;
                    next += range.Count;
                }
                _readers[range.Start + range.Filled++] = new BlobReader(i, j);
            }
    }

    /// <summary>The number of blobs of the net.</summary>
    public int Blobs => _ranges.Length;

    /// <summary>The readers of a blob; none where it has none.</summary>
    public ReadOnlySpan<BlobReader> Of(Blob blob)
    {
        ref Range range = ref _ranges[blob.Index];
        return _readers.AsSpan(range.Start, range.Count);
    }

    /// <summary>The readers of a blob that come after a layer.</summary>
    public ReadOnlySpan<BlobReader> After(Blob blob, int node)
    {
        ReadOnlySpan<BlobReader> readers = Of(blob);
        int low = 0, high = readers.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (readers[middle].Node > node)
                high = middle;
            else
                low = middle + 1;
        }
        return readers[low..];
    }

    /// <summary>The range of a blob's readers.</summary>
    private struct Range
    {
        public int Start;
        public int Count;
        public int Filled;
    }
}
