namespace Atl.Data;

/// <summary>
/// The records of several cursors in the order of keys: of each key the one that was written last, and none that was
/// deleted.
/// </summary>
internal sealed class LevelDbMerge(IReadOnlyList<ILevelDbCursor> cursors) : IDisposable
{
    private readonly List<ILevelDbCursor> _alive = [];

    private ILevelDbCursor? _taken;
    private byte[] _seen = [], _key = [], _value = [];
    private int _seenLength = -1, _keyLength, _valueLength;

    /// <summary>The current record's key.</summary>
    public ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    /// <summary>The current record's value.</summary>
    public ReadOnlySpan<byte> Value => _value.AsSpan(0, _valueLength);

    /// <summary>Goes to the first record; false where there is none.</summary>
    /// <exception cref="Proto.AtlException">The database is damaged.</exception>
    public bool TryMoveToFirst()
    {
        _alive.Clear();
        _taken = null;
        _seenLength = -1;
        foreach (ILevelDbCursor cursor in cursors)
        {
            cursor.Rewind();
            if (cursor.TryMoveNext()) _alive.Add(cursor);
        }
        return TryMoveNext();
    }

    /// <summary>Goes to the next record; false, without moving, at the last.</summary>
    /// <exception cref="Proto.AtlException">The database is damaged.</exception>
    public bool TryMoveNext()
    {
        // Not before the record is asked for, so that damage is reported after the last good one.
        if (_taken is not null) Pass(_taken);
        _taken = null;
        while (Least() is { } cursor)
        {
            ReadOnlySpan<byte> key = cursor.Key, user = LevelDbKey.User(key);
            if (_seenLength < 0 || !user.SequenceEqual(_seen.AsSpan(0, _seenLength)))
            {
                Copy(user, ref _seen, out _seenLength);
                if (!LevelDbKey.IsDeleted(key))
                {
                    Copy(user, ref _key, out _keyLength);
                    Copy(cursor.Value, ref _value, out _valueLength);
                    _taken = cursor;
                    return true;
                }
            }
            Pass(cursor);
        }
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ILevelDbCursor cursor in cursors) cursor.Dispose();
    }

    private static void Copy(ReadOnlySpan<byte> bytes, ref byte[] target, out int length)
    {
        length = bytes.Length;
        if (target.Length < length)
            target = GC.AllocateUninitializedArray<byte>((int)Math.Min(length + length / 2L, Array.MaxLength));
        bytes.CopyTo(target);
    }

    private ILevelDbCursor? Least()
    {
        ILevelDbCursor? least = null;
        foreach (ILevelDbCursor cursor in _alive)
            if (least is null || LevelDbKey.Compare(cursor.Key, least.Key) < 0) least = cursor;
        return least;
    }

    private void Pass(ILevelDbCursor cursor)
    {
        if (!cursor.TryMoveNext()) _alive.Remove(cursor);
    }
}
