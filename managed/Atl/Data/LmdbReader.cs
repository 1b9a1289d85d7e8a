using Atl.Proto;
using LightningDB;

namespace Atl.Data;

/// <summary>
/// Reads an LMDB. Several readers may be open at once, also on a folder that cannot be written to: no lock file is used, so nobody may write to
/// the database meanwhile.
/// </summary>
public sealed class LmdbReader : RecordReader
{
    /// <summary>The file in an LMDB's folder.</summary>
    internal const string DataFile = "data.mdb";

    private readonly LightningEnvironment? _environment;
    private readonly LightningTransaction? _transaction;
    private readonly LightningDatabase? _database;
    private readonly LightningCursor? _cursor;
    private MDBValue _key, _value;

    /// <summary>Opens the LMDB in a folder; the first record is the current one.</summary>
    /// <exception cref="AtlException">There is none, or it is truncated, empty or damaged.</exception>
    public LmdbReader(string source)
        : base(source)
    {
        string file = Path.Combine(source, DataFile);
        if (!IsAt(source)) throw new AtlException(Missing(source) + PathText.Hint(source));
        try
        {
            _environment = LmdbLibrary.Open(source, 0, EnvironmentOpenFlags.ReadOnly | EnvironmentOpenFlags.NoLock | EnvironmentOpenFlags.NoThreadLocalStorage);
            LmdbLibrary.CheckWhole(_environment, file);
            _transaction = LmdbLibrary.WithoutFinalizer(_environment.BeginTransaction(TransactionBeginFlags.ReadOnly));
            _database = LmdbLibrary.WithoutFinalizer(_transaction.OpenDatabase());
            _cursor = LmdbLibrary.WithoutFinalizer(_transaction.CreateCursor(_database));
            Count = _transaction.GetEntriesCount(_database);
            if (Count == 0) throw new AtlException($"{source}: the LMDB holds no records, expected at least one");
            MoveToFirst();
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

    /// <summary>Whether there is an LMDB in a folder.</summary>
    public static bool IsAt(string folder) => File.Exists(Path.Combine(folder, DataFile));

    /// <summary>Closes a reader that nobody disposed.</summary>
    ~LmdbReader() => Close();

    /// <summary>The current record's bytes; valid until disposal.</summary>
    public override ReadOnlySpan<byte> Value => _value.AsSpan();

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> KeyBytes => _key.AsSpan();

    /// <inheritdoc/>
    public override void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void MoveToFirst() => Take(_cursor!.First(), "the first record");

    /// <inheritdoc/>
    protected override bool Advance()
    {
        if (Position + 1 == Count) return false;
        string before = Key;
        Take(_cursor!.Next(), $"the record after '{before}'");
        return true;
    }

    // LMDB asks for this order.
    private void Close()
    {
        _cursor?.Dispose();
        _database?.Dispose();
        _transaction?.Dispose();
        _environment?.Dispose();
    }

    private static string Missing(string source)
    {
        if (Directory.Exists(source))
        {
            string found = LevelDbReader.IsAt(source) ? "a LevelDB, for which write backend: LEVELDB" : "none";
            return $"{PathText.Show(source)}: no LMDB (a file {DataFile}) in this folder, found {found}";
        }
        return File.Exists(source)
            ? $"{PathText.Show(source)}: a file, expected a folder with an LMDB (a file {DataFile})"
            : $"{PathText.Show(source)}: no such folder, expected one with an LMDB (a file {DataFile}; "
                + $"relative paths count from {Directory.GetCurrentDirectory()})";
    }

    private void Take((MDBResultCode Code, MDBValue Key, MDBValue Value) record, string what)
    {
        if (record.Code != MDBResultCode.Success) throw new AtlException($"{Source}: {what} cannot be read ({record.Code}), the LMDB is damaged");
        (_key, _value) = (record.Key, record.Value);
    }
}
