using Atl.Proto;

namespace Atl.Data;

/// <summary>Reads a LevelDB. Its number of records is known after the first pass only.</summary>
public sealed unsafe class LevelDbReader : RecordReader
{
    private readonly LevelDbDatabase? _database;
    private readonly nint _options;
    private nint _iterator;

    /// <summary>Opens the LevelDB in a folder; the first record is the current one.</summary>
    /// <exception cref="AtlException">There is none, it is empty or damaged, another process has it open, or the LevelDB library is missing.</exception>
    public LevelDbReader(string source)
        : base(source)
    {
        if (!IsAt(source)) throw new AtlException(Missing(source) + PathText.Hint(source));
        _database = LevelDbDatabase.Read(source);
        try
        {
            _options = LevelDbLibrary.CreateReadOptions();
            LevelDbLibrary.SetVerifyChecksums(_options, 1);
            // A pass over the records has no use for what it has read.
            LevelDbLibrary.SetFillCache(_options, 0);
            _iterator = LevelDbLibrary.CreateIterator(_database.Handle, _options);
            MoveToFirst();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Closes a reader that nobody disposed.</summary>
    ~LevelDbReader() => Close();

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Value => new(LevelDbLibrary.Value(_iterator, out nuint length), checked((int)length));

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> KeyBytes => new(LevelDbLibrary.Key(_iterator, out nuint length), checked((int)length));

    /// <summary>Whether a folder holds a LevelDB.</summary>
    public static bool IsAt(string folder) => File.Exists(Path.Combine(folder, "CURRENT"));

    /// <inheritdoc/>
    public override void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void MoveToFirst()
    {
        LevelDbLibrary.SeekToFirst(_iterator);
        Check("the first record");
        if (LevelDbLibrary.IsValid(_iterator) == 0) throw new AtlException($"{Source}: the LevelDB holds no records, expected at least one");
    }

    /// <inheritdoc/>
    protected override bool Advance()
    {
        string before = Key;
        LevelDbLibrary.MoveNext(_iterator);
        // A damaged block is passed over without a word except for this.
        Check($"the record after '{before}'");
        if (LevelDbLibrary.IsValid(_iterator) != 0) return true;
        LevelDbLibrary.SeekToLast(_iterator);
        return false;
    }

    private static string Missing(string source)
    {
        const string Expected = "expected a folder with a LevelDB (a file CURRENT";
        if (LmdbReader.IsAt(source)) return $"{PathText.Show(source)}: an LMDB, {Expected}); for an LMDB write backend: LMDB";
        if (Directory.Exists(source)) return $"{PathText.Show(source)}: no LevelDB in this folder, {Expected})";
        return File.Exists(source)
            ? $"{PathText.Show(source)}: a file, {Expected})"
            : $"{PathText.Show(source)}: no such folder, {Expected}; relative paths count from {Directory.GetCurrentDirectory()})";
    }

    private void Check(string what) => LevelDbLibrary.Checked($"{Source}: {what} cannot be read, the LevelDB is damaged", error =>
    {
        LevelDbLibrary.GetError(_iterator, error);
        return 0;
    });

    private void Close()
    {
        if (_database is null || _iterator < 0) return;
        if (_iterator != 0) LevelDbLibrary.DestroyIterator(_iterator);
        if (_options != 0) LevelDbLibrary.DestroyReadOptions(_options);
        _iterator = -1;
        _database.Release();
    }
}
