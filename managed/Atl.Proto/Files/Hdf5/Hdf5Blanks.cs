namespace Atl.Proto;

/// <summary>Places of an HDF5 file that PureHDF is shown as zeros, because it takes them for something else than HDF5
/// does.</summary>
internal sealed class Hdf5Blanks
{
    private const int MostBytes = 8;

    private readonly List<(long At, int Length)> _places = [];
    private bool _sorted = true;

    /// <summary>Adds a place of at most eight bytes.</summary>
    public void Add(long at, int length)
    {
        _sorted &= _places.Count == 0 || _places[^1].At <= at;
        _places.Add((at, length));
    }

    /// <summary>Clears the places that lie in some bytes.</summary>
    /// <param name="bytes">Bytes of the file.</param>
    /// <param name="at">The place of the first of them.</param>
    public void Clear(Span<byte> bytes, long at)
    {
        if (!_sorted) _places.Sort();
        _sorted = true;
        // A place may begin before the bytes.
        int next = _places.BinarySearch((at - MostBytes + 1, 0));
        for (next = next < 0 ? ~next : next; next < _places.Count && _places[next].At < at + bytes.Length; next++)
        {
            (long start, int length) = _places[next];
            int from = (int)Math.Max(0, start - at), to = (int)Math.Min(bytes.Length, start + length - at);
            if (to > from) bytes[from..to].Clear();
        }
    }
}
