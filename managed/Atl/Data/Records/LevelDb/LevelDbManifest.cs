using System.Globalization;
using System.Text;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Data;

/// <summary>
/// The manifest of a LevelDB: which tables hold its records, and which logs those that are in no table yet. It is a log
/// of changes to that.
/// </summary>
internal sealed class LevelDbManifest
{
    private const int LevelCount = 7;
    private const string Order = "leveldb.BytewiseComparator", Prefix = "MANIFEST-";

    private readonly Dictionary<ulong, LevelDbTableInfo>[] _levels =
        [.. Enumerable.Range(0, LevelCount).Select(_ => new Dictionary<ulong, LevelDbTableInfo>())];

    private readonly string _path;
    private ulong _log, _previousLog;

    private LevelDbManifest(string path) => _path = path;

    /// <summary>The number of the first log whose records are in no table; null where all logs that there are
    /// count.</summary>
    public ulong? OldestLog => _log == 0 ? null : _previousLog == 0 ? _log : Math.Min(_log, _previousLog);

    /// <summary>
    /// The tables, grouped in runs: those of one run follow one another in the order of keys. The tables of the first
    /// level overlap, so each is a run of its own.
    /// </summary>
    /// <exception cref="AtlException">Tables overlap that may not.</exception>
    public IEnumerable<IReadOnlyList<LevelDbTableInfo>> Runs()
    {
        foreach (LevelDbTableInfo table in _levels[0].Values) yield return [table];
        for (int level = 1; level < LevelCount; level++)
        {
            if (_levels[level].Count == 0) continue;
            LevelDbTableInfo[] run = [.. _levels[level].Values];
            Array.Sort(run, (left, right) => LevelDbKey.Compare(left.First, right.First));
            for (int i = 1; i < run.Length; i++)
                if (LevelDbKey.Compare(run[i - 1].Last, run[i].First) >= 0)
                    throw Damaged($"the tables {run[i - 1].Number} and {run[i].Number} of level {level} overlap");
            yield return run;
        }
    }

    /// <summary>Reads the manifest that is in use.</summary>
    /// <exception cref="AtlException">It is missing or damaged, or the database is in another order.</exception>
    public static LevelDbManifest Read(string folder, ILogger logger)
    {
        string current = Path.Combine(folder, "CURRENT");
        string name = UserFile.Lines(current, "the name of a LevelDB's manifest").FirstOrDefault() ?? "";
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || name.Length == Prefix.Length
            || name.AsSpan(Prefix.Length).ContainsAnyExceptInRange('0', '9'))
            throw new AtlException($"{current}: '{PathText.Show(name)}', expected a name like {Prefix}000002: damaged");
        LevelDbManifest manifest = new(Path.Combine(folder, name));
        bool hasOrder = false;
        int edits = 0;
        foreach (byte[] edit in LevelDbLog.Read(manifest._path, logger))
            if (!manifest.TryApply(edit, ref hasOrder))
                throw manifest.Damaged($"record {edits + 1} is no change of tables or logs");
            else edits++;
        if (!hasOrder) throw manifest.Damaged($"{edits} records that do not name the order of keys, expected {Order}");
        return manifest;
    }

    private bool TryApply(ReadOnlySpan<byte> edit, ref bool hasOrder)
    {
        const int Comparator = 1, Log = 2, NextFile = 3, LastSequence = 4, CompactPointer = 5, DeletedFile = 6,
            NewFile = 7, PreviousLog = 9;
        while (!edit.IsEmpty)
        {
            if (!LevelDbCode.TryTakeNumber(ref edit, out ulong tag)) return false;
            bool taken = tag switch
            {
                Comparator => TryTakeOrder(ref edit, out hasOrder),
                Log => LevelDbCode.TryTakeNumber(ref edit, out _log),
                NextFile or LastSequence => LevelDbCode.TryTakeNumber(ref edit, out _),
                CompactPointer => TryTakeLevel(ref edit, out _) && LevelDbCode.TryTakeText(ref edit, out _),
                DeletedFile => TryDeleteTable(ref edit),
                NewFile => TryAddTable(ref edit),
                PreviousLog => LevelDbCode.TryTakeNumber(ref edit, out _previousLog),
                _ => false,
            };
            if (!taken) return false;
        }
        return true;
    }

    private bool TryTakeOrder(ref ReadOnlySpan<byte> edit, out bool hasOrder)
    {
        hasOrder = LevelDbCode.TryTakeText(ref edit, out ReadOnlySpan<byte> text);
        string name = Encoding.UTF8.GetString(text);
        if (hasOrder && name != Order)
            throw new AtlException($"{_path}: keys are in the order '{PathText.Show(name)}', expected {Order}");
        return hasOrder;
    }

    private static bool TryTakeLevel(ref ReadOnlySpan<byte> edit, out int level) =>
        LevelDbCode.TryTakeCount(ref edit, out level) && level < LevelCount;

    private bool TryDeleteTable(ref ReadOnlySpan<byte> edit)
    {
        if (!TryTakeLevel(ref edit, out int level) || !LevelDbCode.TryTakeNumber(ref edit, out ulong number))
            return false;
        // The library, too, takes the removal of what is not there for none.
        _levels[level].Remove(number);
        return true;
    }

    private bool TryAddTable(ref ReadOnlySpan<byte> edit)
    {
        if (!TryTakeLevel(ref edit, out int level) || !LevelDbCode.TryTakeNumber(ref edit, out ulong number)
            || !LevelDbCode.TryTakeNumber(ref edit, out ulong length) || length > long.MaxValue
            || !LevelDbCode.TryTakeText(ref edit, out ReadOnlySpan<byte> first) || !LevelDbKey.IsKey(first)
            || !LevelDbCode.TryTakeText(ref edit, out ReadOnlySpan<byte> last) || !LevelDbKey.IsKey(last)
            || LevelDbKey.Compare(first, last) > 0) return false;
        _levels[level][number] = new LevelDbTableInfo(number, (long)length, first.ToArray(), last.ToArray());
        return true;
    }

    private AtlException Damaged(string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{_path}: {what}, the LevelDB is damaged"));
}
