using System.Buffers.Binary;
using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// The framing of LevelDB's logs and manifests: blocks of 32 KiB of fragments, each with a checksum, a length and
/// whether it is a whole record, its first, middle or last part. The LevelDB library takes a file that breaks off for
/// one whose writer was killed, and says nothing of the records that are lost; here that is an error.
/// </summary>
internal static class LevelDbLog
{
    private const int BlockBytes = 32 << 10, HeaderBytes = 7, KindAt = 6;
    private const byte Zero = 0, Full = 1, First = 2, Middle = 3, Last = 4;

    /// <summary>The records of a file.</summary>
    /// <exception cref="AtlException">It cannot be read, is damaged, or ends in the middle of a record.</exception>
    public static IEnumerable<byte[]> Read(string path)
    {
        using Stream stream = UserFile.Open(path, "a log of a LevelDB");
        byte[] block = new byte[BlockBytes];
        MemoryStream record = new();
        bool isOpen = false, isOver = false;
        for (long start = 0; ; start += BlockBytes)
        {
            int length = UserFile.Guarded(path, "a log of a LevelDB", () => stream.ReadAtLeast(block, BlockBytes, throwOnEndOfStream: false));
            int at = 0;
            while (!isOver && length - at >= HeaderBytes)
            {
                int size = BinaryPrimitives.ReadUInt16LittleEndian(block.AsSpan(at + 4));
                byte kind = block[at + KindAt];
                // What was set aside in advance and not used is zero, up to the end.
                if (isOver = kind == Zero && size == 0) break;
                if (size > length - at - HeaderBytes)
                    throw Broken(path, start + at, $"a record's part of {size} bytes, but {length - at - HeaderBytes} follow");
                if (Crc32C.MaskedOf(block.AsSpan(at + KindAt, size + 1)) != BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(at)))
                    throw Broken(path, start + at, $"a record's part of {size} bytes with another checksum");
                // Old versions began a record at the end of a block with an empty part, and then anew.
                if (kind is Full or First && record.Length == 0) isOpen = false;
                if (isOpen != kind is Middle or Last || kind is < Full or > Last)
                    throw Broken(path, start + at, $"a record's part of kind {kind} {(isOpen ? "inside of" : "without the beginning of")} a record");
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
            if (block.AsSpan(at, length - at).IndexOfAnyExcept((byte)0) is >= 0 and int other)
                throw Broken(path, start + at + other, isOver ? "bytes after unused ones" : "the beginning of a record's part");
            if (length == BlockBytes) continue;
            if (isOpen) throw Broken(path, start + at, "the end of the file, expected the rest of a record");
            yield break;
        }
    }

    private static AtlException Broken(string path, long at, string found) => new($"{path}: byte {at} has {found}: truncated or damaged, "
        + "or its writer was killed; records would be missing");
}
