using System.Buffers.Binary;

namespace Atl.Fuzz.Mutation;

/// <summary>Where an LMDB's file has its numbers: in the meta pages, the heads of pages, and the heads of
/// records.</summary>
internal static class LmdbPages
{
    private const int PageBytes = 4096, HeadBytes = 16, NodeBytes = 8, MetaBytes = 152, MetaPages = 2;

    // pgno, pad, flags, lower, upper.
    private static readonly (int Offset, int Width)[] Head = [(0, 8), (8, 2), (10, 2), (12, 2), (14, 2), (12, 4)];

    /// <summary>The numbers' places.</summary>
    public static IEnumerable<(int Offset, int Width, bool BigEndian)> Fields(byte[] data)
    {
        for (int page = 0; (page + 1) * PageBytes <= data.Length; page++)
        {
            int start = page * PageBytes;
            foreach ((int offset, int width) in Head) yield return (start + offset, width, false);
            if (page < MetaPages)
            {
                for (int offset = HeadBytes; offset < MetaBytes; offset += 4)
                    yield return (start + offset, offset % 8 == 0 ? 8 : 4, false);
                continue;
            }
            int lower = BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(start + 12));
            for (int pointer = HeadBytes; pointer + 2 <= Math.Min(lower, PageBytes); pointer += 2)
            {
                yield return (start + pointer, 2, false);
                int node = BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(start + pointer));
                if (node + NodeBytes + 8 > PageBytes) continue;
                for (int offset = 0; offset < NodeBytes; offset += 2) yield return (start + node + offset, 2, false);
                yield return (start + node, 4, false);
                int key = BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(start + node + 6));
                // The number of an overflow page, where the record is kept in one.
                if (node + NodeBytes + key + 8 <= PageBytes) yield return (start + node + NodeBytes + key, 8, false);
            }
        }
    }
}
