using System.Buffers.Binary;

namespace Atl.Data;

/// <summary>
/// A page of an LMDB's tree: a header, the nodes' offsets, free space, and the nodes, whose keys ascend. All numbers
/// are little-endian. (The structures MDB_page and MDB_node of LMDB 0.9.)
/// </summary>
internal readonly ref struct LmdbPage(ReadOnlySpan<byte> bytes)
{
    /// <summary>The number of bytes of a page's header.</summary>
    public const int HeaderBytes = 16;

    /// <summary>The flag of a leaf's node whose value lies in overflow pages.</summary>
    public const ushort BigData = 0x01;

    /// <summary>The flag of a node that is the root of a database with a name.</summary>
    public const ushort SubData = 0x02;

    private const ushort Branch = 0x01, Leaf = 0x02, Overflow = 0x04;

    // Without those that say where a page stands in a transaction.
    private const ushort Kinds = 0x6F;
    private const int NodeBytes = 8, OffsetBytes = 2;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The page's own number.</summary>
    public ulong Number => BinaryPrimitives.ReadUInt64LittleEndian(_bytes);

    /// <summary>Whether it leads on to other pages.</summary>
    public bool IsBranch => (Flags & Kinds) == Branch;

    /// <summary>Whether it holds records.</summary>
    public bool IsLeaf => (Flags & Kinds) == Leaf;

    /// <summary>Whether it is the first of those that hold one large value.</summary>
    public bool IsOverflow => (Flags & Kinds) == Overflow;

    /// <summary>The number of pages that a large value takes.</summary>
    public uint OverflowPages => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[12..]);

    /// <summary>The number of nodes.</summary>
    public int Count => (Lower - HeaderBytes) / OffsetBytes;

    /// <summary>The page's flags.</summary>
    public ushort Flags => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[10..]);

    private int Lower => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[12..]);

    private int Upper => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[14..]);

    /// <summary>The key of a node.</summary>
    public ReadOnlySpan<byte> Key(int node)
    {
        int at = Offset(node);
        return _bytes.Slice(at + NodeBytes, Head(at).KeyLength);
    }

    /// <summary>The value of a leaf's node; false, without it, where it lies in other pages.</summary>
    public bool TryGetValue(int node, out ReadOnlySpan<byte> value)
    {
        int at = Offset(node);
        NodeHead head = Head(at);
        bool isHere = (head.Flags & BigData) == 0;
        value = isHere ? _bytes.Slice(at + NodeBytes + head.KeyLength, (int)head.Low) : default;
        return isHere;
    }

    /// <summary>The flags of a leaf's node.</summary>
    public ushort NodeFlags(int node) => Head(Offset(node)).Flags;

    /// <summary>The length of the value of a leaf's node.</summary>
    public uint ValueLength(int node) => Head(Offset(node)).Low;

    /// <summary>The first of the pages that hold the value of a leaf's node (<see cref="BigData"/>).</summary>
    public ulong ValuePage(int node)
    {
        int at = Offset(node);
        return BinaryPrimitives.ReadUInt64LittleEndian(_bytes[(at + NodeBytes + Head(at).KeyLength)..]);
    }

    /// <summary>The page that a branch's node leads to.</summary>
    public ulong Child(int node) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[Offset(node)..]) & 0xFFFF_FFFF_FFFF;

    /// <summary>The fault in the offsets, lengths or order of the nodes; null if all of them can be read.</summary>
    /// <param name="tree">How keys are ordered.</param>
    public string? Fault(LmdbTree tree)
    {
        int end = _bytes.Length, lower = Lower, upper = Upper;
        if (lower < HeaderBytes + OffsetBytes || lower % OffsetBytes != 0 || lower > upper || upper > end)
            return $"its free space is from {lower} to {upper}, expected it within the {end} bytes and after one "
                + "node's offset";
        bool leaf = IsLeaf;
        ReadOnlySpan<byte> before = default;
        int count = Count;
        for (int node = 0; node < count; node++)
        {
            int at = Offset(node);
            if (at < upper || at > end - NodeBytes)
                return $"node {node} is at {at}, expected it from {upper} to {end - NodeBytes}";
            NodeHead head = Head(at);
            long inside = !leaf ? 0 : (head.Flags & BigData) != 0 ? sizeof(ulong) : head.Low;
            long used = NodeBytes + head.KeyLength + inside;
            if (used > end - at) return $"node {node} has {used} bytes from {at} on, expected {end - at} at most";
            // The first key of a branch counts for all that are smaller, whatever it is.
            if (!leaf && node == 0) continue;
            ReadOnlySpan<byte> key = _bytes.Slice(at + NodeBytes, head.KeyLength);
            if (key.IsEmpty) return $"node {node} has no key";
            if (!before.IsEmpty && tree.Compare(before, key) >= 0)
                return $"the key of node {node} does not come after the one before it";
            before = key;
        }
        return null;
    }

    /// <summary>The flags of all of a leaf's nodes together.</summary>
    public ushort AllNodeFlags()
    {
        int all = 0, count = Count;
        for (int node = 0; node < count; node++) all |= NodeFlags(node);
        return (ushort)all;
    }

    private int Offset(int node) =>
        BinaryPrimitives.ReadUInt16LittleEndian(_bytes[(HeaderBytes + node * OffsetBytes)..]);

    private NodeHead Head(int at) => new(BinaryPrimitives.ReadUInt64LittleEndian(_bytes[at..]));

    // The length of a leaf's value, flags and the length of the key; of a branch's node, the lower 48 bits are a page.
    private readonly struct NodeHead(ulong bits)
    {
        public uint Low => (uint)bits;

        public ushort Flags => (ushort)(bits >> 32);

        public ushort KeyLength => (ushort)(bits >> 48);
    }
}
