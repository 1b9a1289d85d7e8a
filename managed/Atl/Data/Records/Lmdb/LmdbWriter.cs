using Atl.Proto;
using LightningDB;
using Microsoft.Win32.SafeHandles;

namespace Atl.Data;

/// <summary>Makes a new LMDB that Caffe reads; the file's size limit grows as needed.</summary>
internal sealed class LmdbWriter : RecordWriter
{
    private const long FirstMapSize = 16L << 20;

    private readonly LightningEnvironment _environment;
    private readonly SafeFileHandle _lock;

    /// <summary>Makes an empty LMDB in a folder, which is made too.</summary>
    /// <exception cref="AtlException">The folder holds one already, or cannot be written.</exception>
    public LmdbWriter(string folder)
        : this(Unused(folder), FirstMapSize)
    {
    }

    private LmdbWriter(string folder, long mapSize)
        : base(folder)
    {
        _environment = LmdbLibrary.Open(folder, mapSize);
        try
        {
            _lock = Lock(folder);
        }
        catch
        {
            _environment.Dispose();
            throw;
        }
    }

    /// <summary>The key of the last record that was there when the LMDB was opened to go on; null where there was
    /// none.</summary>
    public string? LastKey { get; private init; }

    /// <summary>Opens the LMDB in a folder to put more records into it; makes an empty one where there is
    /// none.</summary>
    /// <exception cref="AtlException">It is damaged, or the folder cannot be written.</exception>
    public static LmdbWriter Continue(string folder)
    {
        string file = Path.Combine(folder, LmdbReader.DataFile);
        if (!LmdbReader.IsAt(folder)) return new LmdbWriter(folder, FirstMapSize);
        RequireUnlocked(folder);
        // What was cut off while its meta pages were written holds nothing yet.
        if (new FileInfo(file).Length < 2L * Environment.SystemPageSize)
        {
            File.Delete(file);
            return new LmdbWriter(folder, FirstMapSize);
        }
        string? last;
        long length;
        using (LmdbFile found = new(file)) (last, length) = (LmdbCheck.RequireWritable(found), found.Length);
        return new LmdbWriter(folder, Math.Max(FirstMapSize, 2 * length)) { LastKey = last };
    }

    /// <inheritdoc/>
    protected override void Write(IReadOnlyList<(byte[] Key, byte[] Value)> records)
    {
        while (!TryWrite(records)) _environment.MapSize *= 2;
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        _environment.Dispose();
        _lock.Dispose();
    }

    /// <summary>Refuses a folder whose LMDB another program is writing.</summary>
    /// <exception cref="AtlException">It is.</exception>
    internal static void RequireUnlocked(string folder)
    {
        if (LmdbReader.IsAt(folder)) Lock(folder).Dispose();
    }

    // A lock of the system's, which ends with the process: LMDB's own would need a lock file.
    private static SafeFileHandle Lock(string folder)
    {
        string file = Path.Combine(folder, LmdbReader.DataFile);
        return FileFault.Rethrow($"{file}: another program has the LMDB open, or it cannot be written",
            () => File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None));
    }

    private static string Unused(string folder) => LmdbReader.IsAt(folder)
        ? throw new AtlException($"{folder}: the folder has an LMDB already, expected an empty folder or none")
        : folder;

    // False where the map is too small; nothing of the transaction is kept then.
    private bool TryWrite(IReadOnlyList<(byte[] Key, byte[] Value)> records)
    {
        using LightningTransaction transaction = _environment.BeginTransaction();
        using LightningDatabase database = transaction.OpenDatabase();
        foreach ((byte[] key, byte[] value) in records)
        {
            MDBResultCode code = transaction.Put(database, key, value, PutOptions.NoOverwrite);
            if (code == MDBResultCode.MapFull) return false;
            if (code != MDBResultCode.Success) throw Failed(key, Explain(code));
        }
        MDBResultCode committed = transaction.Commit();
        if (committed == MDBResultCode.MapFull) return false;
        if (committed != MDBResultCode.Success)
            throw new AtlException($"{Folder}: {records.Count} records cannot be written: {Explain(committed)}");
        return true;
    }

    private string Explain(MDBResultCode code) => code switch
    {
        MDBResultCode.KeyExist => "the key exists already",
        MDBResultCode.BadValSize => $"its key must have 1 to {_environment.MaxKeySize} bytes",
        _ => LmdbLibrary.Explain(code) ?? code.ToString(),
    };
}
