using System.Globalization;

namespace Atl.Data;

/// <summary>Tables that follow one another in the order of keys. One is open at a time, and of it a block in
/// memory.</summary>
internal sealed class LevelDbRun(string folder, IReadOnlyList<LevelDbTableInfo> tables) : ILevelDbCursor
{
    private readonly LevelDbBlock _index = new(), _block = new();

    private LevelDbTable? _table;
    private int _next;
    private byte[] _previous = [];
    private int _previousLength;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Key => _block.Key;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Value => _block.Value;

    /// <summary>The file of a table; versions before 1.14 name it otherwise.</summary>
    public static string PathOf(string folder, ulong number)
    {
        string name = Path.Combine(folder, number.ToString("D6", CultureInfo.InvariantCulture));
        return !File.Exists(name + ".ldb") && File.Exists(name + ".sst") ? name + ".sst" : name + ".ldb";
    }

    /// <inheritdoc/>
    public void Rewind()
    {
        Dispose();
        _next = _previousLength = 0;
    }

    /// <inheritdoc/>
    public bool TryMoveNext()
    {
        while (_table is not null || OpenNext())
        {
            if (_block.TryMoveNext())
            {
                CheckOrder();
                return true;
            }
            if (!_block.IsAtEnd) throw _table!.Damaged($"a block's entry{After()} is not whole");
            if (_index.TryMoveNext())
            {
                _table!.Load(_block, _index.Value);
                continue;
            }
            if (!_index.IsAtEnd) throw _table!.Damaged($"the index's entry{After()} is not whole");
            Dispose();
        }
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _table?.Dispose();
        _table = null;
        _block.Clear();
        _index.Clear();
    }

    private bool OpenNext()
    {
        if (_next == tables.Count) return false;
        LevelDbTableInfo table = tables[_next++];
        _table = LevelDbTable.Open(PathOf(folder, table.Number), table.Length, _index);
        return true;
    }

    // What is merged must be in order.
    private void CheckOrder()
    {
        ReadOnlySpan<byte> key = _block.Key;
        if (!LevelDbKey.IsKey(key)) throw _table!.Damaged($"the entry{After()} has no key with a number");
        if (_previousLength > 0 && LevelDbKey.Compare(_previous.AsSpan(0, _previousLength), key) >= 0)
            throw _table!.Damaged($"the entry{After()} has a key that does not come after it");
        if (_previous.Length < key.Length) _previous = new byte[2 * key.Length];
        key.CopyTo(_previous);
        _previousLength = key.Length;
    }

    private string After() =>
        _previousLength == 0 ? ""
        : $" after '{System.Text.Encoding.UTF8.GetString(LevelDbKey.User(_previous.AsSpan(0, _previousLength)))}'";
}
