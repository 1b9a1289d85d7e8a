using System.Text;
using Atl.Proto;

namespace Atl.Data;

/// <summary>Makes a new LevelDB that Caffe reads.</summary>
internal sealed unsafe class LevelDbWriter : RecordWriter
{
    private const int MaxOpenFiles = 100, BlockBytes = 1 << 16, BufferBytes = 1 << 26;

    private readonly nint _database, _writeOptions, _readOptions;
    private readonly IDisposable _noted;

    /// <summary>Makes an empty LevelDB in a folder, which is made too.</summary>
    /// <exception cref="AtlException">The folder holds one already, or cannot be written, or the LevelDB library is
    /// missing.</exception>
    public LevelDbWriter(string folder)
        : base(Unused(folder))
    {
        _database = Create(folder);
        _noted = LevelDbLock.Note(folder);
        _writeOptions = LevelDbLibrary.CreateWriteOptions();
        _readOptions = LevelDbLibrary.CreateReadOptions();
    }

    /// <inheritdoc/>
    protected override void Write(IReadOnlyList<(byte[] Key, byte[] Value)> records)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        nint batch = LevelDbLibrary.CreateBatch();
        try
        {
            foreach ((byte[] key, byte[] value) in records)
                fixed (byte* keyPointer = key, valuePointer = value)
                {
                    // LevelDB itself would put the new record in place of the old one.
                    if (!keys.Add(Encoding.Latin1.GetString(key)) || IsThere(keyPointer, key.Length))
                        throw Failed(key, "the key exists already");
                    LevelDbLibrary.PutInBatch(batch, keyPointer, (nuint)key.Length, valuePointer, (nuint)value.Length);
                }
            LevelDbLibrary.Checked($"{Folder}: {records.Count} records cannot be written", error =>
            {
                LevelDbLibrary.Write(_database, _writeOptions, batch, error);
                return 0;
            });
        }
        finally
        {
            LevelDbLibrary.DestroyBatch(batch);
        }
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        LevelDbLibrary.Close(_database);
        _noted.Dispose();
        LevelDbLibrary.DestroyWriteOptions(_writeOptions);
        LevelDbLibrary.DestroyReadOptions(_readOptions);
    }

    private static string Unused(string folder) => LevelDbReader.IsAt(folder)
        ? throw new AtlException($"{folder}: the folder has a LevelDB already, expected an empty folder or none")
        : folder;

    // With Caffe's settings.
    private static nint Create(string folder)
    {
        nint options = LevelDbLibrary.Checked(folder, _ => LevelDbLibrary.CreateOptions());
        try
        {
            LevelDbLibrary.SetMaxOpenFiles(options, MaxOpenFiles);
            LevelDbLibrary.SetCreateIfMissing(options, 1);
            LevelDbLibrary.SetErrorIfExists(options, 1);
            LevelDbLibrary.SetBlockSize(options, BlockBytes);
            LevelDbLibrary.SetWriteBufferSize(options, BufferBytes);
            return LevelDbLibrary.Checked($"{folder}: the LevelDB cannot be opened",
                error => LevelDbLibrary.Open(options, folder, error));
        }
        finally
        {
            LevelDbLibrary.DestroyOptions(options);
        }
    }

    private bool IsThere(byte* key, int length)
    {
        nint value = LevelDbLibrary.Checked(Folder,
            error => LevelDbLibrary.Get(_database, _readOptions, key, (nuint)length, out _, error));
        if (value == 0) return false;
        LevelDbLibrary.Free(value);
        return true;
    }
}
