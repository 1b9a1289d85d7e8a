using System.Buffers.Binary;

namespace Atl.Tests.Data;

/// <summary>
/// Writes the file of an LMDB of any page size byte by byte: one leaf after the other below one branch page, large
/// values behind. What LMDB itself writes depends on the machine.
/// </summary>
internal sealed class LmdbImage
{
    private const int Header = 16, MetaPages = 2;

    private readonly int _pageSize;
    private readonly List<byte[]> _pages = [];

    /// <summary>Puts records, whose keys ascend, into leaves of so many each.</summary>
    public LmdbImage(int pageSize, IReadOnlyList<(byte[] Key, byte[] Value)> records, int recordsALeaf,
        ushort nodeFlags = 0, ushort treeFlags = 0)
    {
        _pageSize = pageSize;
        for (int page = 0; page < MetaPages; page++) NewPage(0x08);

        List<(byte[] Key, ulong Page)> children = [];
        foreach ((byte[] Key, byte[] Value)[] leaf in records.Chunk(recordsALeaf))
        {
            byte[] page = NewPage(0x02);
            children.Add((leaf[0].Key, (ulong)_pages.Count - 1));
            foreach ((byte[] key, byte[] value) in leaf)
            {
                bool big = value.Length > pageSize / 4;
                ulong first = big ? AddOverflow(value) : 0;
                byte[] inside = value;
                if (big) BinaryPrimitives.WriteUInt64LittleEndian(inside = new byte[8], first);
                AddNode(page, (uint)value.Length, (ushort)(nodeFlags | (big ? 1 : 0)), key, inside);
            }
        }
        if (children.Count > 1)
        {
            byte[] branch = NewPage(0x01);
            // The first key of a branch is never looked at.
            foreach ((int i, (byte[] key, ulong page)) in children.Index()) AddNode(branch, (uint)page, 0, i == 0
                ? [] : key, []);
        }
        ulong root = children.Count > 1 ? (ulong)_pages.Count - 1 : MetaPages;
        for (int page = 0; page < MetaPages; page++)
            WriteMeta(page, root, (ushort)(children.Count > 1 ? 2 : 1), (ulong)records.Count, treeFlags);
    }

    /// <summary>The file's bytes.</summary>
    public byte[] Bytes => [.. _pages.SelectMany(page => page)];

    private byte[] NewPage(ushort flags)
    {
        byte[] page = new byte[_pageSize];
        BinaryPrimitives.WriteUInt64LittleEndian(page, (ulong)_pages.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(10), flags);
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(12), Header);
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(14), (ushort)Math.Min(_pageSize, ushort.MaxValue - 1));
        _pages.Add(page);
        return page;
    }

    private ulong AddOverflow(byte[] value)
    {
        byte[] whole = new byte[(Header + value.Length + _pageSize - 1) / _pageSize * _pageSize];
        ulong first = (ulong)_pages.Count;
        BinaryPrimitives.WriteUInt64LittleEndian(whole, first);
        BinaryPrimitives.WriteUInt16LittleEndian(whole.AsSpan(10), 0x04);
        BinaryPrimitives.WriteUInt32LittleEndian(whole.AsSpan(12), (uint)(whole.Length / _pageSize));
        value.CopyTo(whole, Header);
        _pages.AddRange(whole.Chunk(_pageSize));
        return first;
    }

    private static void AddNode(byte[] page, uint low, ushort flags, byte[] key, byte[] inside)
    {
        ushort lower = BinaryPrimitives.ReadUInt16LittleEndian(page.AsSpan(12)),
            upper = BinaryPrimitives.ReadUInt16LittleEndian(page.AsSpan(14));
        int size = (8 + key.Length + inside.Length + 1) & ~1;
        upper -= (ushort)size;
        Assert.That(lower + 2, Is.LessThanOrEqualTo(upper), "the records fit into a page");
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(upper), low);
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(upper + 4), flags);
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(upper + 6), (ushort)key.Length);
        key.CopyTo(page, upper + 8);
        inside.CopyTo(page, upper + 8 + key.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(lower), upper);
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(12), (ushort)(lower + 2));
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(14), upper);
    }

    private void WriteMeta(int page, ulong root, ushort depth, ulong entries, ushort treeFlags)
    {
        Span<byte> meta = _pages[page].AsSpan(Header);
        BinaryPrimitives.WriteUInt32LittleEndian(meta, 0xBEEFC0DE);
        BinaryPrimitives.WriteUInt32LittleEndian(meta[4..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[16..], 1 << 20);
        BinaryPrimitives.WriteUInt32LittleEndian(meta[24..], (uint)_pageSize);
        BinaryPrimitives.WriteUInt16LittleEndian(meta[28..], 0x08);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[64..], ulong.MaxValue);
        Span<byte> tree = meta[72..];
        BinaryPrimitives.WriteUInt16LittleEndian(tree[4..], treeFlags);
        BinaryPrimitives.WriteUInt16LittleEndian(tree[6..], depth);
        BinaryPrimitives.WriteUInt64LittleEndian(tree[32..], entries);
        BinaryPrimitives.WriteUInt64LittleEndian(tree[40..], root);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[120..], (ulong)_pages.Count - 1);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[128..], (ulong)page);
    }
}
