using System.Buffers.Binary;
using System.Text;
using Atl.Proto;

namespace Atl.Data;

/// <summary>Checks of a whole LMDB, beyond those that reading a record makes.</summary>
internal static class LmdbCheck
{
    // Pages at the end that a transaction took and gave back again are not written.
    private const ulong MostPagesUnwritten = 1024;

    /// <summary>
    /// Refuses a file that is shorter than its records need. Only one that is shorter than its page count says is gone
    /// through, for pages that are not in use may be missing at the end.
    /// </summary>
    /// <exception cref="AtlException">It is truncated or damaged.</exception>
    public static void RequireReachedPages(LmdbFile file)
    {
        if (file.HasPage(file.Meta.LastPage)) return;
        LmdbCursor cursor = new(file, file.Meta.Main);
        cursor.MoveToFirst();
        do
        {
            if (cursor.ValuePages is var (first, count) && !file.HasPage(first + count - 1))
                throw file.Truncated(first + count - 1);
        }
        while (cursor.TryMoveNext());
    }

    /// <summary>
    /// Refuses a file that the LMDB library could not write to without harm: it follows damaged pages blindly, and
    /// takes for free what is in use. Gives the key of the last record; null where there is none.
    /// </summary>
    /// <exception cref="AtlException">It is truncated or damaged.</exception>
    public static string? RequireWritable(LmdbFile file)
    {
        ulong last = file.Meta.LastPage;
        if (last >= MostPagesUnwritten && !file.HasPage(last - MostPagesUnwritten)) throw file.Truncated(last);
        HashSet<ulong> beyond = [];
        ulong[] used = new ulong[file.Length / file.Meta.PageSize / 64 + 1];
        string? lastKey = Walk(file, file.Meta.Main, Use, _ => { });
        Walk(file, file.Meta.Free, Use, cursor => UseFreePages(file, cursor, Use));
        return lastKey;

        void Use(ulong first, uint count)
        {
            for (ulong page = first; page < first + count; page++)
            {
                ulong bit = 1UL << (int)(page % 64);
                bool isNew = file.HasPage(page) ? (used[page / 64] & bit) == 0 : beyond.Add(page);
                if (!isNew) throw file.Damaged(page, "it is in use twice, or in use and free");
                if (file.HasPage(page)) used[page / 64] |= bit;
            }
        }
    }

    private static string? Walk(LmdbFile file, LmdbTree tree, Action<ulong, uint> use, Action<LmdbCursor> onRecord)
    {
        LmdbCursor cursor = new(file, tree, use);
        if (tree.IsEmpty) return null;
        cursor.MoveToFirst();
        do
        {
            cursor.NoteValuePages();
            onRecord(cursor);
        }
        while (cursor.TryMoveNext());
        return Encoding.UTF8.GetString(cursor.Key);
    }

    // A record of the tree of free pages: how many, then their numbers.
    private static void UseFreePages(LmdbFile file, LmdbCursor cursor, Action<ulong, uint> use)
    {
        ulong[] numbers = new ulong[cursor.ReadValue().Length / sizeof(ulong)];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadUInt64LittleEndian(cursor.ReadValue()[(i * sizeof(ulong))..]);
        if (numbers.Length == 0 || numbers[0] > (ulong)numbers.Length - 1)
            throw new AtlException($"{file.Path}: a list of free pages says more than it holds, the LMDB is damaged");
        foreach (ulong page in numbers.AsSpan(1, (int)numbers[0]))
        {
            file.Require(page, 1);
            use(page, 1);
        }
    }
}
