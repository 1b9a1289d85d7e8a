using System.Globalization;
using System.Text;
using Atl.Proto;
using Google.Protobuf;
using LightningDB;

namespace Atl.Data;

/// <summary>Makes a new LMDB that Caffe reads. Records are written in transactions of a thousand; the file's size limit grows as needed.</summary>
public sealed class LmdbWriter : IDisposable
{
    private const int RecordsAtOnce = 1000;
    private const long BytesAtOnce = 64L << 20;
    private const long FirstMapSize = 16L << 20;

    private readonly LightningEnvironment _environment;
    private readonly List<(byte[] Key, byte[] Value)> _pending = [];
    private readonly string _folder;
    private long _pendingBytes;

    /// <summary>Makes an empty LMDB in a folder, which is made too.</summary>
    /// <exception cref="AtlException">The folder holds one already, or cannot be written.</exception>
    public LmdbWriter(string folder)
    {
        _folder = folder;
        if (File.Exists(Path.Combine(folder, "data.mdb"))) throw new AtlException($"{folder}: there is an LMDB already, expected an empty folder or none");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AtlException($"{folder}: the folder cannot be made: {e.Message}", e);
        }
        _environment = LmdbLibrary.Open(folder, FirstMapSize, EnvironmentOpenFlags.None);
    }

    /// <summary>The number of records put.</summary>
    public long Count { get; private set; }

    /// <summary>The key that Caffe's convert_imageset gives to its record of this number and file name: <c>%08d_name</c>.</summary>
    public static string KeyOf(long number, string name) => string.Create(CultureInfo.InvariantCulture, $"{number:D8}_{name}");

    /// <summary>Puts a Datum.</summary>
    /// <exception cref="AtlException">The key is there already, is too long, or the disk is full.</exception>
    public void Put(string key, Datum datum) => Put(key, datum.ToByteArray());

    /// <summary>Puts a record.</summary>
    /// <exception cref="AtlException">The key is there already, is too long, or the disk is full.</exception>
    public void Put(string key, byte[] value)
    {
        _pending.Add((Encoding.UTF8.GetBytes(key), value));
        _pendingBytes += value.Length;
        Count++;
        if (_pending.Count >= RecordsAtOnce || _pendingBytes >= BytesAtOnce) Commit();
    }

    /// <summary>Writes what was put to the disk.</summary>
    /// <exception cref="AtlException">A key is there already, is too long, or the disk is full.</exception>
    public void Commit()
    {
        while (!TryCommit()) _environment.MapSize *= 2;
        _pending.Clear();
        _pendingBytes = 0;
    }

    /// <summary>Commits and closes.</summary>
    public void Dispose()
    {
        try
        {
            if (_pending.Count > 0) Commit();
        }
        finally
        {
            _environment.Dispose();
        }
    }

    // False where the map is too small; nothing of the transaction is kept then.
    private bool TryCommit()
    {
        using LightningTransaction transaction = _environment.BeginTransaction();
        using LightningDatabase database = transaction.OpenDatabase();
        foreach ((byte[] key, byte[] value) in _pending)
        {
            MDBResultCode code = transaction.Put(database, key, value, PutOptions.NoOverwrite);
            if (code == MDBResultCode.MapFull) return false;
            if (code != MDBResultCode.Success) throw Failed($"the record '{Encoding.UTF8.GetString(key)}' cannot be written", code);
        }
        MDBResultCode committed = transaction.Commit();
        if (committed == MDBResultCode.MapFull) return false;
        if (committed != MDBResultCode.Success) throw Failed($"{_pending.Count} records cannot be written", committed);
        return true;
    }

    private AtlException Failed(string what, MDBResultCode code)
    {
        _pending.Clear();
        const int NoSpace = 28;
        string why = code switch
        {
            MDBResultCode.KeyExist => "there is one of this key already",
            MDBResultCode.BadValSize => $"its key must have 1 to {_environment.MaxKeySize} bytes",
            (MDBResultCode)NoSpace => "the disk is full",
            _ => code.ToString(),
        };
        return new AtlException($"{_folder}: {what}: {why}");
    }
}
