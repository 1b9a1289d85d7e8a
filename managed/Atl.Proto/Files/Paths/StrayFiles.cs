using System.Text;

namespace Atl.Proto;

/// <summary>Files that failed downloads leave in place of the wanted one.</summary>
internal static class StrayFiles
{
    private static ReadOnlySpan<byte> GzipSignature => [0x1F, 0x8B];

    private static ReadOnlySpan<byte> ZipSignature => [(byte)'P', (byte)'K', 3, 4];

    /// <summary>
    /// Describes the file and how to get the right one, for error messages; null if it is none of these.
    /// </summary>
    public static string? Describe(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("version https://git-lfs.github.com/"u8))
            return "a pointer of Git LFS ('git lfs pull' fetches the file itself)";
        if (bytes.StartsWith(GzipSignature)) return "a gzip archive (unpack it)";
        if (bytes.StartsWith(ZipSignature)) return "a ZIP archive (unpack it)";
        ReadOnlySpan<byte> text = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..]
            : bytes;
        text = text.TrimStart(" \t\r\n"u8);
        return StartsWith(text, "<!doctype html"u8) || StartsWith(text, "<html"u8)
            ? "a web page (HTML; take the link to the raw file)" : null;
    }

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        text.Length >= word.Length && Ascii.EqualsIgnoreCase(text[..word.Length], word);
}
