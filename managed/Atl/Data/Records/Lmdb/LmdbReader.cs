using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// Reads an LMDB of version 0.9, as Caffe writes it. Several readers may be open at once, also on a folder that cannot
/// be written to: no lock file is used, so nobody may write to the database meanwhile; where somebody does, that is an
/// error. A file that takes the database's place is not noticed: the reader goes on with the one that it opened.
/// </summary>
internal sealed class LmdbReader : RecordReader
{
    /// <summary>The file in an LMDB's folder.</summary>
    internal const string DataFile = "data.mdb";

    private readonly LmdbFile _file;
    private readonly LmdbCursor _cursor;

    /// <summary>Opens the LMDB in a folder; the first record is the current one.</summary>
    /// <exception cref="AtlException">There is none, or it is truncated, empty or damaged.</exception>
    public LmdbReader(string source)
        : base(source)
    {
        if (!IsAt(source)) throw new AtlException(Missing(source) + PathText.Hint(source));
        _file = new LmdbFile(Path.Combine(source, DataFile));
        try
        {
            LmdbTree records = _file.Meta.Main;
            _cursor = new LmdbCursor(_file, records);
            if (records.IsEmpty) throw new AtlException($"{source}: the LMDB holds no records, expected at least one");
            Count = (long)records.Entries;
            LmdbCheck.RequireReachedPages(_file);
            MoveToFirst();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is an LMDB in a folder.</summary>
    public static bool IsAt(string folder) => File.Exists(Path.Combine(folder, DataFile));

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Value => _cursor.ReadValue();

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> KeyBytes => _cursor.Key;

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();

    /// <inheritdoc/>
    protected override void MoveToFirst() => _cursor.MoveToFirst();

    /// <inheritdoc/>
    protected override bool Advance() => _cursor.TryMoveNext();

    private static string Missing(string source)
    {
        if (Directory.Exists(source))
        {
            string found = LevelDbReader.IsAt(source) ? "a LevelDB, for which write backend: LEVELDB" : "none";
            return $"{PathText.Show(source)}: no LMDB (a file {DataFile}) in this folder, found {found}";
        }
        return File.Exists(source)
            ? $"{PathText.Show(source)}: a file, expected a folder with an LMDB (a file {DataFile}); "
                + "if it is one itself, as Python's subdir=False writes it, move it into a folder under that name"
            : $"{PathText.Show(source)}: no such folder, expected one with an LMDB (a file {DataFile}; "
                + $"relative paths count from {Directory.GetCurrentDirectory()})";
    }
}
