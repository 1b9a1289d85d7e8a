using Atl.Proto;

namespace Atl.Data;

/// <summary>Reads text files that people write: lists of images, labels and pairs, with or without a byte-order
/// mark.</summary>
internal static class TextLines
{
    /// <summary>All lines of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="expected">What it should hold, for the message where there is none.</param>
    /// <exception cref="AtlException">
    /// It is missing or cannot be read, or a line holds a zero byte or is longer than
    /// <see cref="UserFile.LongestLine"/>.
    /// </exception>
    public static string[] Read(string file, string expected) => [.. Each(file, expected)];

    /// <summary>The lines of a file one after the other, for files of millions of lines.</summary>
    /// <param name="file">The file.</param>
    /// <param name="expected">What it should hold, for the message where there is none.</param>
    /// <param name="allowZeros">Whether lines may hold zero bytes, as what a power loss leaves of a file does.</param>
    /// <param name="longest">The characters of the longest line.</param>
    /// <exception cref="AtlException">It is missing or cannot be read, or a line holds a zero byte or is
    /// longer.</exception>
    public static IEnumerable<string> Each(string file, string expected, bool allowZeros = false,
        int longest = UserFile.LongestLine)
    {
        int number = 0;
        foreach (string line in UserFile.Lines(file, expected, longest))
        {
            number++;
            if (!allowZeros) Check(file, number, line, expected);
            yield return line;
        }
    }

    // A byte-order mark tells UTF-8 and UTF-16; what is left is UTF-16 without one, or no text. No file's name holds a
    // zero byte.
    private static void Check(string file, int number, string line, string expected)
    {
        if (!line.Contains('\0', StringComparison.Ordinal)) return;
        bool isText = number > 1 || line.Count('\0') < line.Length / 4;
        if (isText)
            throw new AtlException($"{PathText.Show(file)}:{number}: found '{line.Trim()}' with a zero byte, "
                + $"expected {expected}, as text");
        throw new AtlException($"{PathText.Show(file)}: zero bytes (text in UTF-16, or no text), expected "
            + $"{expected} in UTF-8; {TextEncodings.Advice}");
    }
}
