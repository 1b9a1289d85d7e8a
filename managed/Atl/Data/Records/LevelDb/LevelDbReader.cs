using System.Globalization;
using System.Text;
using Atl.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Data;

/// <summary>
/// Reads a LevelDB, as Caffe writes it, without the LevelDB library: nothing is mapped into memory, every checksum is
/// verified, and the folder is not written to. Nobody may write to the database meanwhile. Its number of records is
/// known after the first pass only.
/// </summary>
internal sealed class LevelDbReader : RecordReader
{
    private readonly LevelDbMerge _records;

    /// <summary>Opens the LevelDB in a folder; the first record is the current one.</summary>
    /// <param name="source">The folder.</param>
    /// <param name="logger">The logger that is warned of one whose writer was killed; null for none.</param>
    /// <exception cref="AtlException">There is none, it is empty or damaged, or another program has it
    /// open.</exception>
    public LevelDbReader(string source, ILogger? logger = null)
        : base(source)
    {
        logger ??= NullLogger.Instance;
        if (!IsAt(source)) throw new AtlException(Missing(source) + PathText.Hint(source));
        string[] files = UserFile.Guarded(source, "a LevelDB", () => Directory.GetFiles(source));
        foreach (string file in files) PathKinds.CheckRegular(file, "a part of a LevelDB");
        LevelDbLock.RequireUnused(source);
        LevelDbManifest manifest = LevelDbManifest.Read(source, logger);
        IReadOnlyList<LevelDbTableInfo>[] runs = [.. manifest.Runs()];
        foreach (LevelDbTableInfo table in runs.SelectMany(run => run))
            LevelDbTable.Require(LevelDbRun.PathOf(source, table.Number), table.Length);
        _records = new LevelDbMerge([new LevelDbMemory(Logs(files, manifest.OldestLog), logger),
            .. runs.Select(run => new LevelDbRun(source, run))]);
        try
        {
            MoveToFirst();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Value => _records.Value;

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> KeyBytes => _records.Key;

    /// <summary>Whether a folder holds a LevelDB.</summary>
    public static bool IsAt(string folder) => File.Exists(Path.Combine(folder, "CURRENT"));

    /// <inheritdoc/>
    public override void Dispose() => _records.Dispose();

    /// <inheritdoc/>
    protected override void MoveToFirst()
    {
        if (!_records.TryMoveToFirst())
            throw new AtlException($"{Source}: the LevelDB holds no records, expected at least one");
    }

    /// <inheritdoc/>
    protected override bool Advance()
    {
        try
        {
            return _records.TryMoveNext();
        }
        catch (AtlException e)
        {
            throw new AtlException($"{Source}: the record after '{Encoding.UTF8.GetString(KeyBytes)}' cannot be "
                + $"read: {e.Message}", e);
        }
    }

    // Logs whose records are in tables may still be there.
    private IEnumerable<string> Logs(string[] files, ulong? oldest)
    {
        SortedDictionary<ulong, string> logs = [];
        foreach (string file in files.Where(file => Path.GetExtension(file) == ".log"))
            if (ulong.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture,
                out ulong number)
                && number >= (oldest ?? 0)) logs[number] = file;
        return oldest is { } first && !logs.ContainsKey(first)
            ? throw new AtlException($"{Source}: the file {first:D6}.log is missing, with the records that were "
                + "written last")
            : logs.Values;
    }

    private static string Missing(string source)
    {
        const string Expected = "expected a folder with a LevelDB (a file CURRENT";
        if (LmdbReader.IsAt(source))
            return $"{PathText.Show(source)}: an LMDB, {Expected}); for an LMDB write backend: LMDB";
        if (Directory.Exists(source)) return $"{PathText.Show(source)}: no LevelDB in this folder, {Expected})";
        return File.Exists(source)
            ? $"{PathText.Show(source)}: a file, {Expected})"
            : $"{PathText.Show(source)}: no such folder, {Expected}; relative paths count from "
                + $"{Directory.GetCurrentDirectory()})";
    }
}
