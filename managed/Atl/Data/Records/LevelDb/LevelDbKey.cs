using System.Buffers.Binary;

namespace Atl.Data;

/// <summary>
/// Keys as LevelDB stores them: the user's, then eight bytes of a kind (put or deleted) and a sequence number, which
/// is higher the later the record was written.
/// </summary>
internal static class LevelDbKey
{
    /// <summary>The kind of a record that was deleted.</summary>
    public const byte Deleted = 0;

    /// <summary>The kind of a record that was put.</summary>
    public const byte Put = 1;

    private const int TrailerBytes = 8;

    /// <summary>A key of its parts.</summary>
    public static byte[] Make(ReadOnlySpan<byte> user, ulong sequence, byte kind)
    {
        byte[] key = new byte[user.Length + TrailerBytes];
        user.CopyTo(key);
        BinaryPrimitives.WriteUInt64LittleEndian(key.AsSpan(user.Length), (sequence << 8) | kind);
        return key;
    }

    /// <summary>Whether bytes are a key.</summary>
    public static bool IsKey(ReadOnlySpan<byte> key) => key.Length >= TrailerBytes && key[^TrailerBytes] <= Put;

    /// <summary>The user's key.</summary>
    public static ReadOnlySpan<byte> User(ReadOnlySpan<byte> key) => key[..^TrailerBytes];

    /// <summary>Whether the record was deleted.</summary>
    public static bool IsDeleted(ReadOnlySpan<byte> key) => key[^TrailerBytes] == Deleted;

    /// <summary>The order of records: by the user's keys; of one key the last written comes first.</summary>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int order = User(left).SequenceCompareTo(User(right));
        return order != 0 ? order : Trailer(right).CompareTo(Trailer(left));
    }

    private static ulong Trailer(ReadOnlySpan<byte> key) =>
        BinaryPrimitives.ReadUInt64LittleEndian(key[^TrailerBytes..]);
}
