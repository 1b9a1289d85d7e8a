using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// Some pages of an LMDB that follow one another, in memory; where they are asked for in their order, many are read at
/// once.
/// </summary>
internal sealed class LmdbWindow(LmdbFile file)
{
    // Enough that a call costs nothing, little enough for a cache.
    private const int MostBytes = 128 << 10, FewestBytes = 16 << 10;

    // What lies a little ahead counts as following: leaves and large values take turns in a file.
    private const ulong NearPages = 16;

    private byte[] _bytes = [];
    private ulong _first, _held;
    private int _bytesAtOnce = FewestBytes;

    /// <summary>The bytes of pages; valid until the next call.</summary>
    /// <exception cref="AtlException">There are no such pages, or the file was written to since it was
    /// opened.</exception>
    public ArraySegment<byte> Read(ulong first, uint count)
    {
        file.Require(first, count);
        if (first < _first || first + count > _first + _held) Fill(first, count);
        int size = file.Meta.PageSize;
        return new ArraySegment<byte>(_bytes, (int)(first - _first) * size, (int)count * size);
    }

    private void Fill(ulong first, uint count)
    {
        int size = file.Meta.PageSize;
        bool follows = first >= _first && first <= _first + _held + NearPages;
        _bytesAtOnce = follows ? Math.Min(2 * _bytesAtOnce, MostBytes) : Math.Max(_bytesAtOnce / 4, FewestBytes);
        ulong pages = Math.Min(Math.Max(count, (ulong)(_bytesAtOnce / size)), file.Meta.LastPage - first + 1);
        int bytes = checked((int)pages * size);
        if (_bytes.Length < bytes) _bytes = GC.AllocateUninitializedArray<byte>(Math.Max(bytes, MostBytes));
        _held = 0;
        int read = file.Read(first, _bytes.AsSpan(0, bytes));
        if (read < count) throw file.Truncated(first + (ulong)read);
        (_first, _held) = (first, (ulong)read);
    }
}
