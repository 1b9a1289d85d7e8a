using System.Text;
using Atl.Proto;
using LightningDB;

namespace Atl.Data;

/// <summary>Makes a new LMDB that Caffe reads; the file's size limit grows as needed.</summary>
public sealed class LmdbWriter : RecordWriter
{
    private const long FirstMapSize = 16L << 20;

    private readonly LightningEnvironment _environment;

    /// <summary>Makes an empty LMDB in a folder, which is made too.</summary>
    /// <exception cref="AtlException">The folder holds one already, or cannot be written.</exception>
    public LmdbWriter(string folder)
        : this(Unused(folder), FirstMapSize)
    {
    }

    private LmdbWriter(string folder, long mapSize)
        : base(folder) => _environment = LmdbLibrary.Open(folder, mapSize, EnvironmentOpenFlags.None);

    /// <summary>The key of the last record that was there when the LMDB was opened to go on; null where there was none.</summary>
    public string? LastKey { get; private set; }

    /// <summary>Opens the LMDB in a folder to put more records into it; makes an empty one where there is none.</summary>
    /// <exception cref="AtlException">It is damaged, or the folder cannot be written.</exception>
    public static LmdbWriter Continue(string folder)
    {
        string file = Path.Combine(folder, LmdbReader.DataFile);
        if (!LmdbReader.IsAt(folder) || new FileInfo(file).Length == 0) return new LmdbWriter(folder, FirstMapSize);
        LmdbWriter writer = new(folder, Math.Max(FirstMapSize, 2 * new FileInfo(file).Length));
        try
        {
            LmdbLibrary.CheckWhole(writer._environment, file);
            writer.LastKey = writer.FindLastKey();
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Write(IReadOnlyList<(byte[] Key, byte[] Value)> records)
    {
        while (!TryWrite(records)) _environment.MapSize *= 2;
    }

    /// <inheritdoc/>
    protected override void Close() => _environment.Dispose();

    private static string Unused(string folder) => LmdbReader.IsAt(folder)
        ? throw new AtlException($"{folder}: there is an LMDB already, expected an empty folder or none")
        : folder;

    private string? FindLastKey()
    {
        using LightningTransaction transaction = _environment.BeginTransaction(TransactionBeginFlags.ReadOnly);
        using LightningDatabase database = transaction.OpenDatabase();
        using LightningCursor cursor = transaction.CreateCursor(database);
        (MDBResultCode code, MDBValue key, _) = cursor.Last();
        if (code == MDBResultCode.NotFound) return null;
        return code == MDBResultCode.Success
            ? Encoding.UTF8.GetString(key.AsSpan())
            : throw new AtlException($"{Folder}: the last record cannot be read ({code}), the LMDB is damaged");
    }

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
        if (committed != MDBResultCode.Success) throw new AtlException($"{Folder}: {records.Count} records cannot be written: {Explain(committed)}");
        return true;
    }

    private string Explain(MDBResultCode code)
    {
        // LMDB calls it an input/output error (EIO) where the disk took a part of what was to be written.
        const int NoSpace = 28, InputOutput = 5;
        return code switch
        {
            MDBResultCode.KeyExist => "there is one of this key already",
            MDBResultCode.BadValSize => $"its key must have 1 to {_environment.MaxKeySize} bytes",
            (MDBResultCode)NoSpace => "the disk is full",
            (MDBResultCode)InputOutput when !OperatingSystem.IsWindows() => "the disk is full or fails (input/output error)",
            _ => code.ToString(),
        };
    }
}
