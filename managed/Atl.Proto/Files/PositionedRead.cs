using Microsoft.Win32.SafeHandles;

namespace Atl.Proto;

/// <summary>Reads bytes of a file from a place on, without a position that readers would share and without a map of
/// it.</summary>
/// <remarks>Safe for use by several threads.</remarks>
internal static class PositionedRead
{
    /// <summary>Fills a buffer.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its name, for the message.</param>
    /// <param name="bytes">The buffer.</param>
    /// <param name="offset">The first byte to read.</param>
    /// <returns>The number of bytes read: fewer only where the file ends.</returns>
    /// <exception cref="AtlException">A byte cannot be read.</exception>
    public static int Fill(SafeFileHandle file, string path, Span<byte> bytes, long offset)
    {
        int all = 0;
        try
        {
            while (all < bytes.Length)
            {
                int read = RandomAccess.Read(file, bytes[all..], offset + all);
                if (read == 0) break;
                all += read;
            }
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw new AtlException($"{path}: byte {offset + all} cannot be read: {e.Message}", e);
        }
        return all;
    }

    /// <summary>Fills a buffer with bytes that the file must have.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its name, or that of what lies in it, for the message.</param>
    /// <param name="bytes">The buffer.</param>
    /// <param name="offset">The first byte to read.</param>
    /// <exception cref="AtlException">The file ends before, or a byte cannot be read.</exception>
    public static void Exactly(SafeFileHandle file, string path, Span<byte> bytes, long offset)
    {
        int read = Fill(file, path, bytes, offset);
        if (read < bytes.Length) throw new AtlException($"{path}: truncated, it ends at byte {offset + read}");
    }
}
