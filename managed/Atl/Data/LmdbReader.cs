using System.Text;
using Atl.Proto;
using LightningDB;

namespace Atl.Data;

/// <summary>
/// Reads an LMDB, record after record in the order of keys, from the first again after the last. Several readers may be open at once, also on
/// a folder that cannot be written to: no lock file is used, so nobody may write to the database meanwhile.
/// </summary>
/// <remarks>Not for use by several threads at once; the thread may change between calls.</remarks>
public sealed class LmdbReader : IDisposable
{
    private const string DataFile = "data.mdb";

    private readonly LightningEnvironment _environment;
    private readonly LightningTransaction _transaction;
    private readonly LightningDatabase _database;
    private readonly LightningCursor _cursor;
    private MDBValue _key, _value;

    /// <summary>Opens the LMDB in a folder; the first record is the current one.</summary>
    /// <exception cref="AtlException">There is none, or it is truncated, empty or damaged.</exception>
    public LmdbReader(string source)
    {
        Source = source;
        string file = Path.Combine(source, DataFile);
        if (!File.Exists(file)) throw new AtlException(Missing(source));
        _environment = LmdbLibrary.Open(source, 0, EnvironmentOpenFlags.ReadOnly | EnvironmentOpenFlags.NoLock | EnvironmentOpenFlags.NoThreadLocalStorage);
        try
        {
            CheckWhole(file);
            _transaction = _environment.BeginTransaction(TransactionBeginFlags.ReadOnly);
            _database = _transaction.OpenDatabase();
            _cursor = _transaction.CreateCursor(_database);
            Count = _transaction.GetEntriesCount(_database);
            if (Count == 0) throw new AtlException($"{source}: the LMDB holds no records, expected at least one");
            Take(_cursor.First(), "the first record");
        }
        catch (LightningException e)
        {
            Dispose();
            throw new AtlException($"{source}: the LMDB cannot be read: {e.Message}", e);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The folder.</summary>
    public string Source { get; }

    /// <summary>The number of records.</summary>
    public long Count { get; }

    /// <summary>The current record's place in the order of keys, from 0.</summary>
    public long Position { get; private set; }

    /// <summary>The current record's key.</summary>
    public string Key => Encoding.UTF8.GetString(_key.AsSpan());

    /// <summary>The current record's bytes; valid until disposal.</summary>
    public ReadOnlySpan<byte> Value => _value.AsSpan();

    /// <summary>Goes to the next record; after the last comes the first.</summary>
    /// <exception cref="AtlException">The database is damaged.</exception>
    public void MoveNext()
    {
        if (Position + 1 == Count)
        {
            Take(_cursor.First(), "the first record");
            Position = 0;
            return;
        }
        string before = Key;
        Take(_cursor.Next(), $"the record after '{before}'");
        Position++;
    }

    /// <summary>Goes to a record by its place in the order of keys, counted on from the first after the last.</summary>
    /// <exception cref="AtlException">The database is damaged.</exception>
    public void Seek(long position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        position %= Count;
        if (position < Position)
        {
            Take(_cursor.First(), "the first record");
            Position = 0;
        }
        while (Position < position) MoveNext();
    }

    /// <summary>The current record as a Datum.</summary>
    /// <exception cref="AtlException">The record is no Datum; the message names its key.</exception>
    public Datum ReadDatum()
    {
        try
        {
            return Datum.Parser.ParseFrom(Value);
        }
        catch (Google.Protobuf.InvalidProtocolBufferException e)
        {
            throw new AtlException($"{Describe()}: {Value.Length} bytes that are no whole Datum ({e.Message})", e);
        }
    }

    /// <summary>The current record as messages name it.</summary>
    public string Describe() => $"{Source}: record '{Key}' ({Position + 1} of {Count})";

    /// <inheritdoc/>
    public void Dispose()
    {
        _cursor?.Dispose();
        _database?.Dispose();
        _transaction?.Dispose();
        _environment.Dispose();
    }

    private static string Missing(string source)
    {
        if (Directory.Exists(source))
        {
            string found = File.Exists(Path.Combine(source, "CURRENT")) ? "a LevelDB" : "none";
            return $"{source}: no LMDB (a file {DataFile}) in this folder, found {found}";
        }
        return File.Exists(source)
            ? $"{source}: a file, expected a folder with an LMDB (a file {DataFile})"
            : $"{source}: no such folder, expected one with an LMDB (a file {DataFile}; relative paths count from {Directory.GetCurrentDirectory()})";
    }

    // LMDB maps the file into memory; touching a page beyond the file's end would kill the process.
    private void CheckWhole(string file)
    {
        long found = new FileInfo(file).Length, expected = (_environment.Info.LastPageNumber + 1) * _environment.EnvironmentStats.PageSize;
        if (found < expected) throw new AtlException($"{file}: truncated, {found:N0} bytes, expected {expected:N0} by its own page count");
    }

    private void Take((MDBResultCode Code, MDBValue Key, MDBValue Value) record, string what)
    {
        if (record.Code != MDBResultCode.Success) throw new AtlException($"{Source}: {what} cannot be read ({record.Code}), the LMDB is damaged");
        (_key, _value) = (record.Key, record.Value);
    }
}
