using System.Text;
using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// Goes through the records of a tree of an LMDB in the order of keys. Every page number, offset, length and key is
/// checked before it is used, so a damaged file is an error and nothing else: a way down has as many pages as the tree
/// is deep, and keys that ascend never lead to a page again.
/// </summary>
internal sealed class LmdbCursor
{
    // As LMDB itself.
    private const int DeepestTree = 32;

    // What fits into one array with the pages' headers.
    private const uint LongestValue = 0x7FFF_0000;

    private readonly LmdbFile _file;
    private readonly LmdbTree _tree;
    private readonly LmdbWindow _nodePages, _valuePages;
    private readonly byte[][] _branches;
    private readonly int[] _branchNodes;
    private readonly Action<ulong, uint>? _onPages;
    private ArraySegment<byte> _leaf;
    private int _node, _leafNodes;
    private byte[] _lastKey = [];
    private ulong _count;

    /// <summary>Makes one before the first record.</summary>
    /// <param name="file">The file.</param>
    /// <param name="tree">One of its trees.</param>
    /// <param name="onPages">Called with the first and the number of all pages that are used.</param>
    /// <exception cref="AtlException">The tree is damaged, or of a kind that is not read.</exception>
    public LmdbCursor(LmdbFile file, LmdbTree tree, Action<ulong, uint>? onPages = null)
    {
        (_file, _tree, _onPages) = (file, tree, onPages);
        if (tree.HasDuplicates)
            throw new AtlException($"{file.Path}: an LMDB with several values for one key (MDB_DUPSORT), expected "
                + "one value for each");
        // A record takes more than a byte.
        ulong most = (file.Meta.LastPage + 1) * (ulong)file.Meta.PageSize;
        if (tree.IsEmpty ? tree.Entries > 0 || tree.Depth > 0 : tree.Entries == 0 || tree.Entries > most
            || tree.Depth is 0 or > DeepestTree)
            throw file.Damaged(file.Meta.Transaction & 1,
                $"it says that {tree.Entries} records are in a tree {tree.Depth} pages deep");
        (_nodePages, _valuePages) = (new LmdbWindow(file), new LmdbWindow(file));
        _branchNodes = new int[Math.Max(tree.Depth - 1, 0)];
        _branches = [.. _branchNodes.Select(_ => new byte[file.Meta.PageSize])];
    }

    /// <summary>The current record's key.</summary>
    public ReadOnlySpan<byte> Key => Leaf.Key(_node);

    /// <summary>The pages that hold the current record's value; null where its leaf holds it.</summary>
    public (ulong First, uint Count)? ValuePages => (Leaf.NodeFlags(_node) & LmdbPage.BigData) == 0 ? null
        : (Leaf.ValuePage(_node), PagesOf(Leaf.ValueLength(_node)));

    private LmdbPage Leaf => new(_leaf);

    /// <summary>Goes to the first record, which there is.</summary>
    /// <exception cref="AtlException">The file is damaged.</exception>
    public void MoveToFirst()
    {
        (_lastKey, _count) = ([], 1);
        Descend(0, _tree.Root);
    }

    /// <summary>Goes to the next record; false, without moving, at the last.</summary>
    /// <exception cref="AtlException">The file is damaged.</exception>
    public bool TryMoveNext()
    {
        if (_node + 1 < _leafNodes)
        {
            _node++;
            return Counted();
        }
        int level = _branches.Length - 1;
        while (level >= 0 && _branchNodes[level] + 1 == new LmdbPage(_branches[level]).Count) level--;
        if (level < 0)
            return _count == _tree.Entries ? false
                : throw _file.Damaged(Leaf.Number,
                    $"the records end with number {_count}, expected {_tree.Entries} by the meta page");
        _lastKey = Key.ToArray();
        _branchNodes[level]++;
        Descend(level + 1, new LmdbPage(_branches[level]).Child(_branchNodes[level]));
        return Counted();
    }

    /// <summary>The current record's value; valid until the cursor moves.</summary>
    /// <exception cref="AtlException">The file is damaged.</exception>
    public ReadOnlySpan<byte> ReadValue() => Leaf.TryGetValue(_node, out ReadOnlySpan<byte> value)
        ? value : ReadOverflow();

    /// <summary>Notes the pages of the current record's value, which need not be read for it.</summary>
    /// <exception cref="AtlException">The file is damaged.</exception>
    public void NoteValuePages()
    {
        if (ValuePages is not var (first, pages)) return;
        LmdbPage page = new(_valuePages.Read(first, 1));
        CheckOverflow(first, page, pages);
        _onPages?.Invoke(first, page.OverflowPages);
    }

    private ReadOnlySpan<byte> ReadOverflow()
    {
        (ulong first, uint pages) = ValuePages!.Value;
        ReadOnlySpan<byte> bytes = _valuePages.Read(first, pages);
        CheckOverflow(first, new LmdbPage(bytes), pages);
        return bytes.Slice(LmdbPage.HeaderBytes, (int)Leaf.ValueLength(_node));
    }

    private bool Counted() => ++_count <= _tree.Entries ? true
        : throw _file.Damaged(Leaf.Number,
            $"there is a record after number {_tree.Entries}, which should be the last by the meta page");

    // To the minimum record below a page.
    private void Descend(int level, ulong number)
    {
        for (; level < _branches.Length; level++)
        {
            ReadNodes(level, number).CopyTo(_branches[level]);
            _branchNodes[level] = 0;
            number = new LmdbPage(_branches[level]).Child(0);
        }
        _leaf = ReadNodes(level, number);
        (_node, _leafNodes) = (0, Leaf.Count);
        if (_lastKey.Length > 0 && _tree.Compare(_lastKey, Key) >= 0)
            throw _file.Damaged(number, $"its first key is '{Show(Key)}', expected one after '{Show(_lastKey)}'");
        CheckRecords(number);
    }

    private ArraySegment<byte> ReadNodes(int level, ulong number)
    {
        bool leaf = level == _branches.Length;
        ArraySegment<byte> bytes = _nodePages.Read(number, 1);
        LmdbPage page = new(bytes);
        if (page.Number != number || !(leaf ? page.IsLeaf : page.IsBranch))
            throw _file.Damaged(number, $"it says to be page {page.Number} with the flags 0x{page.Flags:x}, expected a "
                + $"{(leaf ? "leaf" : "branch")} page of this number");
        if (page.Fault(_tree) is { } fault) throw _file.Damaged(number, fault);
        if (level > 0) CheckBounds(page, new LmdbPage(_branches[level - 1]), _branchNodes[level - 1]);
        _onPages?.Invoke(number, 1);
        return bytes;
    }

    // The keys below a branch's node lie between its own and the next one's.
    private void CheckBounds(LmdbPage page, LmdbPage parent, int node)
    {
        int first = page.IsLeaf ? 0 : 1, last = page.Count - 1;
        if (first > last) return;
        if ((node > 0 && _tree.Compare(page.Key(first), parent.Key(node)) < 0)
            || (node + 1 < parent.Count && _tree.Compare(page.Key(last), parent.Key(node + 1)) >= 0))
            throw _file.Damaged(page.Number,
                $"its keys from '{Show(page.Key(first))}' to '{Show(page.Key(last))}' are not those that "
                + $"page {parent.Number} says");
    }

    private void CheckRecords(ulong number)
    {
        LmdbPage leaf = Leaf;
        if (leaf.AllNodeFlags() == 0) return;
        for (int node = 0; node < leaf.Count; node++)
        {
            int flags = leaf.NodeFlags(node);
            if (flags == LmdbPage.SubData)
                throw new AtlException(
                    $"{_file.Path}: page {number}: '{Show(leaf.Key(node))}' is a database with a name, "
                    + "expected records in the main one, as Caffe writes");
            if ((flags & ~LmdbPage.BigData) != 0)
                throw _file.Damaged(number,
                    $"the record '{Show(leaf.Key(node))}' has the flags 0x{flags:x}, expected 0 or 1");
            if (flags == 0) continue;
            uint length = leaf.ValueLength(node);
            if (length > LongestValue)
                throw _file.Damaged(number,
                    $"the record '{Show(leaf.Key(node))}' says {length:N0} bytes, expected {LongestValue:N0} at most");
            _file.Require(leaf.ValuePage(node), PagesOf(length));
        }
    }

    private void CheckOverflow(ulong first, LmdbPage page, uint pages)
    {
        if (page.Number != first || !page.IsOverflow || page.OverflowPages < pages)
            throw _file.Damaged(first,
                $"it says to be page {page.Number} with the flags 0x{page.Flags:x}, the first of {page.OverflowPages}, "
                + $"expected {pages} overflow pages of the record '{Show(Key)}'");
        _file.Require(first, page.OverflowPages);
    }

    private uint PagesOf(uint length) => (LmdbPage.HeaderBytes - 1 + length) / (uint)_file.Meta.PageSize + 1;

    private static string Show(ReadOnlySpan<byte> key) => PathText.Show(Encoding.UTF8.GetString(key));
}
