using System.Buffers.Binary;
using Atl.Proto;
using Microsoft.Win32.SafeHandles;

namespace Atl.Data;

/// <summary>
/// The file of a table: blocks, an index of them, and at the end the index's place. It is read block by block by
/// positioned reads. Nothing is mapped into memory: a block that cannot be read is an error, where a mapped one would
/// end the process.
/// </summary>
internal sealed class LevelDbTable : IDisposable
{
    private const string Expected = "a table of a LevelDB";
    private const int FooterBytes = 48, TrailerBytes = 5;
    private const ulong Magic = 0xDB4775248B80FB57;

    private readonly string _path;
    private readonly long _length;
    private readonly SafeFileHandle _handle;

    private LevelDbTable(string path, long length)
    {
        (_path, _length) = (path, length);
        _handle = UserFile.Guarded(path, Expected,
            () => File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete));
    }

    /// <summary>Opens a table and reads its index.</summary>
    /// <exception cref="AtlException">It cannot be read, or is damaged.</exception>
    public static LevelDbTable Open(string path, long length, LevelDbBlock index)
    {
        LevelDbTable table = new(path, length);
        try
        {
            Span<byte> footer = stackalloc byte[FooterBytes];
            table.ReadExactly(footer, length - FooterBytes, "its end");
            if (BinaryPrimitives.ReadUInt64LittleEndian(footer[^sizeof(ulong)..]) != Magic)
                throw table.Damaged("the last eight bytes are not those of a table");
            ReadOnlySpan<byte> places = footer[..^sizeof(ulong)];
            // The first is the place of a filter, which a pass over all records does not need.
            if (!TryTakePlace(ref places, out _, out _) || !TryTakePlace(ref places, out ulong at, out ulong size))
                throw table.Damaged("the end does not say where the index is");
            table.Load(index, at, size, "the index");
            return table;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a table whose file is missing or shorter than the manifest says.</summary>
    /// <exception cref="AtlException">It is.</exception>
    public static void Require(string path, long length)
    {
        long found = UserFile.Guarded(path, Expected, () => new FileInfo(path).Length);
        if (found < length || length < FooterBytes)
            throw new AtlException(
                $"{path}: {found:N0} bytes, expected {length:N0} by the manifest: truncated or damaged");
    }

    /// <summary>Reads the block that an index's entry names.</summary>
    /// <exception cref="AtlException">It cannot be read, or is damaged.</exception>
    public void Load(LevelDbBlock block, ReadOnlySpan<byte> place)
    {
        if (!TryTakePlace(ref place, out ulong at, out ulong size))
            throw Damaged("the index has an entry that is no block's place");
        Load(block, at, size, "the block");
    }

    /// <summary>Creates the error for a damaged table.</summary>
    public AtlException Damaged(string what) => new($"{_path}: {what}, the LevelDB is damaged");

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static bool TryTakePlace(ref ReadOnlySpan<byte> bytes, out ulong at, out ulong size)
    {
        size = 0;
        return LevelDbCode.TryTakeNumber(ref bytes, out at) && LevelDbCode.TryTakeNumber(ref bytes, out size);
    }

    // After a block come its compression and a checksum of both.
    private void Load(LevelDbBlock block, ulong at, ulong size, string name)
    {
        ulong end = (ulong)(_length - FooterBytes);
        if (at > end || size > end - at || size + TrailerBytes > end - at
            || size > (ulong)(Array.MaxLength - TrailerBytes))
            throw Damaged($"{name} is said to have {size} bytes from byte {at}, expected it in the table's "
                + $"{_length:N0} bytes");
        Span<byte> stored = block.Room((int)size + TrailerBytes);
        ReadExactly(stored, (long)at, name);
        int length = (int)size;
        string? wrong =
            Crc32C.MaskedOf(stored[..(length + 1)]) == BinaryPrimitives.ReadUInt32LittleEndian(stored[(length + 1)..])
            ? block.Take(length, stored[length])
            : "its checksum is not that of its bytes";
        if (wrong is not null) throw Damaged($"{name} at byte {at}: {wrong}");
    }

    private void ReadExactly(Span<byte> bytes, long offset, string name)
    {
        int all = PositionedRead.Fill(_handle, _path, bytes, offset);
        if (all < bytes.Length)
            throw new AtlException($"{_path}: the file ends at byte {offset + all}, before {name} does; expected "
                + $"{_length:N0} bytes: truncated");
    }
}
