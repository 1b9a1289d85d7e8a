using System.Buffers.Binary;

namespace Atl.Data;

/// <summary>The record of one of an LMDB's two trees in a meta page (<c>MDB_db</c>).</summary>
/// <param name="Flags">How keys are compared, and whether a key may have several values.</param>
/// <param name="Depth">How many pages lie on the way from the root to a record; 0 for an empty tree.</param>
/// <param name="Entries">The number of records.</param>
/// <param name="Root">The root's page.</param>
internal readonly record struct LmdbTree(ushort Flags, int Depth, ulong Entries, ulong Root)
{
    /// <summary>Its size in a meta page, in bytes.</summary>
    public const int Bytes = 48;

    private const ushort ReverseKey = 0x02, DupSort = 0x04, IntegerKey = 0x08;

    /// <summary>Whether there is no record.</summary>
    public bool IsEmpty => Root == ulong.MaxValue;

    /// <summary>Whether a key may have several values.</summary>
    public bool HasDuplicates => (Flags & DupSort) != 0;

    /// <summary>Reads it.</summary>
    public static LmdbTree Parse(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]));

    /// <summary>Compares two keys as LMDB orders those of this tree.</summary>
    public int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if ((Flags & (ReverseKey | IntegerKey)) == 0) return a.SequenceCompareTo(b);
        if ((Flags & IntegerKey) != 0) return Number(a).CompareTo(Number(b));
        for (int i = 1; i <= a.Length && i <= b.Length; i++)
            if (a[^i] != b[^i]) return a[^i].CompareTo(b[^i]);
        return a.Length.CompareTo(b.Length);
    }

    // Keys of an integer tree have the 4 or 8 bytes of an unsigned number; any other length is damage, and so is its
    // order.
    private static ulong Number(ReadOnlySpan<byte> key) => key.Length switch
    {
        sizeof(ulong) => BinaryPrimitives.ReadUInt64LittleEndian(key),
        sizeof(uint) => BinaryPrimitives.ReadUInt32LittleEndian(key),
        _ => 0,
    };
}
