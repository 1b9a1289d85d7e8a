using Atl.Proto;
using Microsoft.Win32.SafeHandles;

namespace Atl.Data;

/// <summary>
/// The file of an LMDB, read page by page by positioned reads. Nothing is mapped into memory: a page that cannot be
/// read is an error, where a mapped one would end the process.
/// </summary>
internal sealed class LmdbFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly byte[] _metas, _metasNow;

    /// <summary>Opens a file and reads its meta pages.</summary>
    /// <exception cref="AtlException">It is no LMDB, is damaged, or cannot be read.</exception>
    public LmdbFile(string path)
    {
        Path = path;
        PathKinds.CheckRegular(path, "an LMDB");
        _handle = UserFile.Guarded(path, "an LMDB",
            () => File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete));
        try
        {
            byte[] head = new byte[LmdbMeta.Bytes];
            ReadExactly(head, 0, 0);
            LmdbMeta first = LmdbMeta.Parse(path, 0, head);
            _metas = new byte[first.PageSize + LmdbMeta.Bytes];
            _metasNow = new byte[_metas.Length];
            ReadExactly(_metas, 0, 1);
            first = LmdbMeta.Parse(path, 0, _metas);
            LmdbMeta second = LmdbMeta.Parse(path, 1, _metas.AsSpan(first.PageSize));
            Meta = Newer(first, second);
            Length = RandomAccess.GetLength(_handle);
        }
        catch
        {
            _handle.Dispose();
            throw;
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The newer meta page.</summary>
    public LmdbMeta Meta { get; }

    /// <summary>The file's length in bytes when it was opened.</summary>
    public long Length { get; }

    /// <summary>
    /// Reads pages that follow one another, as many as the file still has. They are those of the transaction of
    /// <see cref="Meta"/>, whoever writes to the file meanwhile. Gives how many were read.
    /// </summary>
    /// <exception cref="AtlException">The file cannot be read, or was written to since it was opened.</exception>
    public int Read(ulong page, Span<byte> bytes)
    {
        int read = PositionedRead.Fill(_handle, Path, bytes, (long)page * Meta.PageSize) / Meta.PageSize;
        CheckUnchanged();
        return read;
    }

    /// <summary>Refuses pages that lie outside of the database.</summary>
    /// <exception cref="AtlException">They do.</exception>
    public void Require(ulong page, ulong count)
    {
        if (page < 2 || page > Meta.LastPage || count > Meta.LastPage - page + 1)
            throw Damaged(page,
                $"found {count} pages from here, expected such as lie between 2 and {Meta.LastPage}, the last one");
    }

    /// <summary>Creates the error for a damaged page.</summary>
    public AtlException Damaged(ulong page, string what) => new($"{Path}: page {page}: {what}, the LMDB is damaged");

    /// <summary>Creates the error for a missing page.</summary>
    public AtlException Truncated(ulong page) =>
        new($"{Path}: page {page} lies beyond its end: truncated, {RandomAccess.GetLength(_handle):N0} bytes, "
        + $"expected {((decimal)Meta.LastPage + 1) * Meta.PageSize:N0} by its own page count");

    /// <summary>Whether the file was long enough for a page when it was opened.</summary>
    public bool HasPage(ulong page) => page < (ulong)(Length / Meta.PageSize);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle.Dispose();

    private LmdbMeta Newer(LmdbMeta first, LmdbMeta second)
    {
        if (first.PageSize != second.PageSize)
            throw Damaged(1, $"it says pages of {second.PageSize} bytes, expected {first.PageSize} as in page 0");
        LmdbMeta newer = second.Transaction > first.Transaction ? second : first;
        ulong older = Math.Min(first.Transaction, second.Transaction);
        // They take turns: any other distance is damage, and would bring back what is long overwritten.
        if (newer.Transaction - older > 1)
            throw Damaged(0, $"the meta pages are of the transactions {first.Transaction} and {second.Transaction}, "
                + "expected one to follow the other");
        if (newer.LastPage > long.MaxValue / (ulong)newer.PageSize)
            throw Damaged(newer.Transaction & 1, $"it says that page {newer.LastPage} is the last one");
        return newer;
    }

    // LMDB writes pages that the last two transactions do not use, then a meta page: as long as both meta pages are the
    // same after a read, what was read is of the transaction that they tell of.
    private void CheckUnchanged()
    {
        ReadExactly(_metasNow, 0, 1);
        int size = Meta.PageSize;
        if (_metasNow.AsSpan(0, LmdbMeta.Bytes).SequenceEqual(_metas.AsSpan(0, LmdbMeta.Bytes))
            && _metasNow.AsSpan(size).SequenceEqual(_metas.AsSpan(size))) return;
        throw new AtlException(
            $"{Path}: another program wrote to the LMDB while it was read; wait for its end and run again");
    }

    private void ReadExactly(Span<byte> bytes, long offset, int page)
    {
        if (PositionedRead.Fill(_handle, Path, bytes, offset) < bytes.Length)
            throw new AtlException($"{Path}: the file ends before meta page {page} does, expected an LMDB");
    }
}
