using System.Text;
using Atl.Proto;

namespace Atl.Data;

/// <summary>Makes a new LevelDB that Caffe reads.</summary>
public sealed unsafe class LevelDbWriter : RecordWriter
{
    private readonly LevelDbDatabase _database;
    private readonly nint _writeOptions, _readOptions;

    /// <summary>Makes an empty LevelDB in a folder, which is made too.</summary>
    /// <exception cref="AtlException">The folder holds one already, or cannot be written, or the LevelDB library is missing.</exception>
    public LevelDbWriter(string folder)
        : base(Unused(folder))
    {
        _database = LevelDbDatabase.Create(folder);
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
                    if (!keys.Add(Encoding.Latin1.GetString(key)) || IsThere(keyPointer, key.Length)) throw Failed(key, "there is one of this key already");
                    LevelDbLibrary.PutInBatch(batch, keyPointer, (nuint)key.Length, valuePointer, (nuint)value.Length);
                }
            LevelDbLibrary.Checked($"{Folder}: {records.Count} records cannot be written", error =>
            {
                LevelDbLibrary.Write(_database.Handle, _writeOptions, batch, error);
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
        _database.Release();
        LevelDbLibrary.DestroyWriteOptions(_writeOptions);
        LevelDbLibrary.DestroyReadOptions(_readOptions);
    }

    private static string Unused(string folder) => LevelDbReader.IsAt(folder)
        ? throw new AtlException($"{folder}: there is a LevelDB already, expected an empty folder or none")
        : folder;

    private bool IsThere(byte* key, int length)
    {
        nint value = LevelDbLibrary.Checked(Folder, error => LevelDbLibrary.Get(_database.Handle, _readOptions, key, (nuint)length, out _, error));
        if (value == 0) return false;
        LevelDbLibrary.Free(value);
        return true;
    }
}
