using System.Buffers.Binary;
using Atl.Logging;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Data;

/// <summary>
/// The framing of LevelDB's logs and manifests: blocks of 32 KiB of fragments, each with a checksum, a length and
/// whether it is a whole record, its first, middle or last part. A file truncated inside a record is one whose
/// writer was killed: as with the LevelDB library, that record was never written. Here a warning says so.
/// </summary>
internal static class LevelDbLog
{
    private const int BlockBytes = 32 << 10, HeaderBytes = 7, KindAt = 6;
    private const byte Zero = 0, Full = 1, First = 2, Middle = 3, Last = 4;

    /// <summary>The records of a file.</summary>
    /// <exception cref="AtlException">It cannot be read or is damaged.</exception>
    public static IEnumerable<byte[]> Read(string path, ILogger logger)
    {
        using Stream stream = UserFile.Open(path, "a log of a LevelDB");
        byte[] block = new byte[BlockBytes];
        MemoryStream record = new();
        bool isOpen = false, isOver = false;
        for (long start = 0; ; start += BlockBytes)
        {
            int length = UserFile.Guarded(path, "a log of a LevelDB",
                () => stream.ReadAtLeast(block, BlockBytes, throwOnEndOfStream: false));
            int at = 0;
            while (!isOver && length - at >= HeaderBytes)
            {
                int size = BinaryPrimitives.ReadUInt16LittleEndian(block.AsSpan(at + 4));
                byte kind = block[at + KindAt];
                // What was set aside in advance and not used is zero, up to the end.
                if (isOver = kind == Zero && size == 0) break;
                if (size > length - at - HeaderBytes && length < BlockBytes && !IsWhole(block.AsSpan(at, length - at)))
                {
                    WarnOfEnd(path, start + at, logger);
                    yield break;
                }
                if (size > length - at - HeaderBytes)
                    throw Broken(path, start + at,
                        $"a record's part of {size} bytes, but {length - at - HeaderBytes} follow");
                if (Crc32C.MaskedOf(block.AsSpan(at + KindAt, size + 1))
                    != BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(at)))
                    throw Broken(path, start + at, $"a record's part of {size} bytes with another checksum");
                // Old versions began a record at the end of a block with an empty part, and then anew.
                if (kind is Full or First && record.Length == 0) isOpen = false;
                if (isOpen != kind is Middle or Last || kind is < Full or > Last)
                    throw Broken(path, start + at,
                        $"a record's part of kind {kind} "
                            + $"{(isOpen ? "inside of" : "without the beginning of")} a record");
                record.Write(block, at + HeaderBytes, size);
                isOpen = kind is First or Middle;
                if (!isOpen)
                {
                    yield return record.ToArray();
                    record.SetLength(0);
                }
                at += HeaderBytes + size;
            }
            // A block may end in zeros that hold no part; after unused ones nothing may come.
            bool hasMore = block.AsSpan(at, length - at).ContainsAnyExcept((byte)0);
            if (hasMore && (isOver || length == BlockBytes))
                throw Broken(path, start + at, isOver ? "bytes after unused ones" : "the beginning of a record's part");
            if (length == BlockBytes) continue;
            if (isOpen || hasMore) WarnOfEnd(path, start + at, logger);
            yield break;
        }
    }

    // Whether fewer bytes than a part's header says fit its checksum: then it is the length that is damaged.
    private static bool IsWhole(ReadOnlySpan<byte> part)
    {
        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(part);
        for (int end = HeaderBytes; end <= part.Length; end++)
            if (Crc32C.MaskedOf(part[KindAt..end]) == stored)
                return true;
        return false;
    }

    private static void WarnOfEnd(string path, long at, ILogger logger) => logger.Warning("level_db_log.cpp",
        $"{PathText.Show(path)}: the file ends at byte {at} inside of a record: its writer was killed, or it is "
            + $"truncated; "
            + $"as LevelDB does, what was written before is read");

    private static AtlException Broken(string path, long at, string found) =>
        new($"{path}: byte {at} has {found}: damaged; records would be missing");
}
