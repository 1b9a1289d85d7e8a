using Atl.Proto;

namespace Atl.Data;

/// <summary>Reads text files that people write: lists of images, labels and pairs, with or without a byte-order mark.</summary>
public static class TextLines
{
    /// <summary>All lines of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="expected">What it should hold, for the message where there is none.</param>
    /// <exception cref="AtlException">It is missing or cannot be read.</exception>
    public static string[] Read(string file, string expected)
    {
        string[] lines = UserFile.ReadLines(file, expected);
        if (lines.Length > 0) Check(file, lines[0], expected);
        return lines;
    }

    /// <summary>The lines of a file one after the other, for files of millions of lines.</summary>
    /// <param name="file">The file.</param>
    /// <param name="expected">What it should hold, for the message where there is none.</param>
    /// <exception cref="AtlException">It is missing or cannot be read.</exception>
    public static IEnumerable<string> Each(string file, string expected)
    {
        using StreamReader reader = new(UserFile.Open(file, expected), bufferSize: 1 << 20);
        Func<string?> readLine = reader.ReadLine;
        bool isFirst = true;
        while (UserFile.Guarded(file, expected, readLine) is { } line)
        {
            if (isFirst) Check(file, line, expected);
            isFirst = false;
            yield return line;
        }
    }

    // A byte-order mark tells UTF-8 and UTF-16; what is left is UTF-16 without one, or no text.
    private static void Check(string file, string line, string expected)
    {
        if (line.Contains('\0', StringComparison.Ordinal))
            throw new AtlException($"{PathText.Show(file)}: zero bytes (text in UTF-16, or no text), expected {expected} in UTF-8; {TextEncodings.Advice}");
    }
}
