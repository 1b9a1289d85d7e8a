using System.Buffers.Binary;

namespace Atl.Data;

/// <summary>
/// A block of a table in memory: keys with values, each key without what it shares with the one before; then the places
/// of keys that share nothing, which a pass does not need.
/// </summary>
internal sealed class LevelDbBlock
{
    private byte[] _stored = [], _plain = [], _key = new byte[64];
    private ReadOnlyMemory<byte> _entries;
    private int _at, _keyLength, _valueAt, _valueLength;

    /// <summary>The current entry's key.</summary>
    public ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    /// <summary>The current entry's value.</summary>
    public ReadOnlySpan<byte> Value => _entries.Span.Slice(_valueAt, _valueLength);

    /// <summary>Room for the block as it is stored.</summary>
    public Span<byte> Room(int length)
    {
        Clear();
        if (_stored.Length < length) _stored = GC.AllocateUninitializedArray<byte>(length);
        return _stored.AsSpan(0, length);
    }

    /// <summary>Holds nothing any more.</summary>
    public void Clear() => (_entries, _at, _keyLength, _valueAt, _valueLength) = (default, 0, 0, 0, 0);

    /// <summary>Takes what was put into the room; null, or what is wrong with it.</summary>
    /// <param name="length">The length of the block.</param>
    /// <param name="compression">Its compression by the table: 0 is none, 1 Snappy.</param>
    public string? Take(int length, byte compression)
    {
        ReadOnlyMemory<byte> bytes = _stored.AsMemory(0, length);
        if (compression > 1) return $"compression {compression}, expected 0 (none) or 1 (Snappy)";
        if (compression == 1)
        {
            if (!SnappyBlock.TryRestore(bytes.Span, ref _plain, out length))
                return $"{bytes.Length} bytes that are not Snappy's";
            bytes = _plain.AsMemory(0, length);
        }
        uint places = length < sizeof(uint)
            ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[(length - sizeof(uint))..]);
        long end = length - sizeof(uint) * (places + 1L);
        if (places == 0 || end < 0)
            return $"{length} bytes with {places} places of keys, expected at least one and room for them";
        _entries = bytes[..(int)end];
        return null;
    }

    /// <summary>Goes to the next entry; false at the end, or at a damaged one (<see cref="IsAtEnd"/>).</summary>
    public bool TryMoveNext()
    {
        ReadOnlySpan<byte> rest = _entries.Span[_at..];
        if (!LevelDbCode.TryTakeCount(ref rest, out int shared) || !LevelDbCode.TryTakeCount(ref rest, out int own)
            || !LevelDbCode.TryTakeCount(ref rest, out int length)
            || shared > _keyLength || (long)own + length > rest.Length) return false;
        if (_key.Length - shared < own) Array.Resize(ref _key, checked(Math.Max(2 * _key.Length, shared + own)));
        rest[..own].CopyTo(_key.AsSpan(shared));
        _keyLength = shared + own;
        _valueAt = _entries.Length - rest.Length + own;
        _valueLength = length;
        _at = _valueAt + length;
        return true;
    }

    /// <summary>Whether no entry follows.</summary>
    public bool IsAtEnd => _at == _entries.Length;
}
