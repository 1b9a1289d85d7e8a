using System.Runtime.InteropServices;
using Atl.Data;

namespace Atl.TestSupport;

/// <summary>A LevelDB in the hands of the LevelDB library: what it writes, and how it reads it.</summary>
public sealed unsafe partial class LevelDbReference : IDisposable
{
    private const string Library = "libleveldb.so.1d";

    private readonly nint _options, _database, _writeOptions, _readOptions;

    /// <summary>Opens a folder's LevelDB, or makes one. Records that are in a log only are put into a table.</summary>
    public LevelDbReference(string folder, bool snappy = true, int bufferBytes = 4 << 20, int blockBytes = 4 << 10)
    {
        _options = LevelDbLibrary.CreateOptions();
        LevelDbLibrary.SetCreateIfMissing(_options, 1);
        SetCompression(_options, snappy ? 1 : 0);
        LevelDbLibrary.SetWriteBufferSize(_options, (nuint)bufferBytes);
        LevelDbLibrary.SetBlockSize(_options, (nuint)blockBytes);
        _database = Checked(error => LevelDbLibrary.Open(_options, folder, error));
        _writeOptions = LevelDbLibrary.CreateWriteOptions();
        _readOptions = LevelDbLibrary.CreateReadOptions();
    }

    /// <summary>Puts a record, in the place of one of this key.</summary>
    public void Put(byte[] key, byte[] value)
    {
        fixed (byte* keyPointer = key, valuePointer = value)
        {
            nint keyAt = (nint)keyPointer, valueAt = (nint)valuePointer;
            Checked(error =>
            {
                Put(_database, _writeOptions, keyAt, (nuint)key.Length, valueAt, (nuint)value.Length, error);
                return 0;
            });
        }
    }

    /// <summary>Deletes a record, if there is one.</summary>
    public void Delete(byte[] key)
    {
        fixed (byte* keyPointer = key)
        {
            nint keyAt = (nint)keyPointer;
            Checked(error =>
            {
                Delete(_database, _writeOptions, keyAt, (nuint)key.Length, error);
                return 0;
            });
        }
    }

    /// <summary>Moves all records down to one level.</summary>
    public void Compact() => CompactRange(_database, 0, 0, 0, 0);

    /// <summary>All records in their order.</summary>
    public IEnumerable<(byte[] Key, byte[] Value)> ReadAll()
    {
        nint iterator = CreateIterator(_database, _readOptions);
        try
        {
            for (SeekToFirst(iterator); IsValid(iterator) != 0; MoveNext(iterator))
                yield return (Bytes(Key(iterator, out nuint keyLength), keyLength),
                    Bytes(Value(iterator, out nuint length), length));
        }
        finally
        {
            DestroyIterator(iterator);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        LevelDbLibrary.Close(_database);
        LevelDbLibrary.DestroyOptions(_options);
        LevelDbLibrary.DestroyWriteOptions(_writeOptions);
        LevelDbLibrary.DestroyReadOptions(_readOptions);
    }

    private static byte[] Bytes(nint start, nuint length) =>
        new ReadOnlySpan<byte>((void*)start, (int)length).ToArray();

    private static nint Checked(Func<nint, nint> call) => LevelDbLibrary.Checked("LevelDB", call);

    [LibraryImport(Library, EntryPoint = "leveldb_put")]
    private static partial void Put(nint database, nint options, nint key, nuint keyLength, nint value,
    nuint valueLength, nint error);

    [LibraryImport(Library, EntryPoint = "leveldb_delete")]
    private static partial void Delete(nint database, nint options, nint key, nuint keyLength, nint error);

    [LibraryImport(Library, EntryPoint = "leveldb_compact_range")]
    private static partial void CompactRange(nint database, nint first, nuint firstLength, nint last, nuint lastLength);

    [LibraryImport(Library, EntryPoint = "leveldb_options_set_compression")]
    private static partial void SetCompression(nint options, int value);

    [LibraryImport(Library, EntryPoint = "leveldb_create_iterator")]
    private static partial nint CreateIterator(nint database, nint options);

    [LibraryImport(Library, EntryPoint = "leveldb_iter_destroy")]
    private static partial void DestroyIterator(nint iterator);

    [LibraryImport(Library, EntryPoint = "leveldb_iter_valid")]
    private static partial byte IsValid(nint iterator);

    [LibraryImport(Library, EntryPoint = "leveldb_iter_seek_to_first")]
    private static partial void SeekToFirst(nint iterator);

    [LibraryImport(Library, EntryPoint = "leveldb_iter_next")]
    private static partial void MoveNext(nint iterator);

    [LibraryImport(Library, EntryPoint = "leveldb_iter_key")]
    private static partial nint Key(nint iterator, out nuint length);

    [LibraryImport(Library, EntryPoint = "leveldb_iter_value")]
    private static partial nint Value(nint iterator, out nuint length);
}
