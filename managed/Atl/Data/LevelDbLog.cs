using System.Buffers.Binary;
using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// The framing of LevelDB's logs and manifests: blocks of 32 KiB of fragments, each with a checksum, a length and
/// whether it is a whole record, its first, middle or last part. The LevelDB library takes a file that breaks off for
/// one whose writer was killed, and says nothing of the records that are lost.
/// </summary>
internal static class LevelDbLog
{
    private const int BlockBytes = 32 << 10, HeaderBytes = 7;
    private const byte Zero = 0, Full = 1, First = 2, Last = 4;

    /// <summary>The records of a file.</summary>
    /// <exception cref="AtlException">It cannot be read, or ends in the middle of a record.</exception>
    public static IEnumerable<byte[]> Read(string path)
    {
        using Stream stream = UserFile.Open(path, "a log of a LevelDB");
        byte[] block = new byte[BlockBytes];
        MemoryStream record = new();
        bool isOpen = false;
        for (long start = 0; ; start += BlockBytes)
        {
            int length = UserFile.Guarded(path, "a log of a LevelDB", () => stream.ReadAtLeast(block, BlockBytes, throwOnEndOfStream: false));
            int at = 0;
            while (length - at >= HeaderBytes)
            {
                int size = BinaryPrimitives.ReadUInt16LittleEndian(block.AsSpan(at + 4));
                byte kind = block[at + 6];
                // What was set aside in advance and not used is zero.
                if (kind == Zero && size == 0) break;
                if (size > length - at - HeaderBytes)
                    throw Broken(path, start + at, $"a record's part of {size} bytes, but {length - at - HeaderBytes} follow");
                if (kind is Full or First) record.SetLength(0);
                record.Write(block, at + HeaderBytes, size);
                isOpen = kind is not (Full or Last);
                if (!isOpen) yield return record.ToArray();
                at += HeaderBytes + size;
            }
            if (length == BlockBytes) continue;
            if (block.AsSpan(at, length - at).IndexOfAnyExcept((byte)0) >= 0) throw Broken(path, start + at, "the beginning of a record's part");
            if (isOpen) throw Broken(path, start + at, "the end of the file, expected the rest of a record");
            yield break;
        }
    }

    private static AtlException Broken(string path, long at, string found) => new($"{path}: byte {at} has {found}: truncated or damaged, "
        + "or its writer was killed; records would be missing");
}
