using System.Buffers.Binary;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Data;

/// <summary>The records that are in logs only, in memory: a writer keeps no more there than it has memory for
/// itself.</summary>
internal sealed class LevelDbMemory : ILevelDbCursor
{
    private const int HeadBytes = sizeof(ulong) + sizeof(uint);

    private readonly List<(byte[] Key, ReadOnlyMemory<byte> Value)> _records = [];
    private int _at = -1;

    /// <summary>Reads logs.</summary>
    /// <exception cref="AtlException">One cannot be read or is damaged.</exception>
    public LevelDbMemory(IEnumerable<string> logs, ILogger logger)
    {
        foreach (string log in logs)
        {
            int number = 0;
            foreach (byte[] batch in LevelDbLog.Read(log, logger))
                if (!TryAdd(batch))
                    throw new AtlException($"{log}: record {number + 1} is no batch of puts and deletions: damaged");
                else number++;
        }
        _records.Sort((left, right) => LevelDbKey.Compare(left.Key, right.Key));
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Key => _records[_at].Key;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Value => _records[_at].Value.Span;

    /// <inheritdoc/>
    public void Rewind() => _at = -1;

    /// <inheritdoc/>
    public bool TryMoveNext() => ++_at < _records.Count;

    /// <inheritdoc/>
    public void Dispose() => _records.Clear();

    // The number of the first, how many there are, and one after the other.
    private bool TryAdd(byte[] batch)
    {
        if (batch.Length < HeadBytes) return false;
        ulong sequence = BinaryPrimitives.ReadUInt64LittleEndian(batch);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(batch.AsSpan(sizeof(ulong)));
        ReadOnlySpan<byte> rest = batch.AsSpan(HeadBytes);
        for (; !rest.IsEmpty; sequence++, count--)
        {
            byte kind = rest[0];
            rest = rest[1..];
            ReadOnlySpan<byte> value = default;
            if (count == 0 || kind > LevelDbKey.Put || !LevelDbCode.TryTakeText(ref rest, out ReadOnlySpan<byte> user)
                || (kind == LevelDbKey.Put && !LevelDbCode.TryTakeText(ref rest, out value))) return false;
            _records.Add((LevelDbKey.Make(user, sequence, kind),
                batch.AsMemory(batch.Length - rest.Length - value.Length, value.Length)));
        }
        return count == 0;
    }
}
