using System.Text;
using Atl.Proto;

namespace Atl.Face.Runs;

/// <summary>One line of a log.</summary>
/// <param name="Number">Its number in the file, from 1.</param>
/// <param name="Text">The line without its end; the beginning of one that is too long.</param>
/// <param name="IsTooLong">Whether the line is longer than <see cref="LogLines.LongestLine"/>.</param>
internal readonly record struct LogLine(long Number, string Text, bool IsTooLong);

/// <summary>
/// Reads the lines of a log that may hold anything: a line that never ends costs no more memory than the longest one
/// that is read. Lines end as those of <see cref="File.ReadLines(string)"/>.
/// </summary>
internal static class LogLines
{
    /// <summary>The characters of the longest line that is read.</summary>
    public const int LongestLine = 1 << 24;

    /// <summary>The lines, one after another, also of a file that is still written to.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it should be, for the message where there is none.</param>
    /// <exception cref="AtlException">The file is missing or cannot be read.</exception>
    public static IEnumerable<LogLine> Read(string path, string expected)
    {
        using StreamReader reader = new(UserFile.Open(path, expected));
        char[] buffer = new char[1 << 16];
        StringBuilder line = new();
        long number = 0;
        bool isTooLong = false, afterReturn = false;
        while (UserFile.Guarded(path, expected, () => reader.Read(buffer)) is > 0 and var count)
            for (int begin = 0; begin < count;)
            {
                // The second half of \r\n.
                if (afterReturn && buffer[begin] == '\n') begin++;
                afterReturn = false;
                int length = buffer.AsSpan(begin, count - begin).IndexOfAny('\r', '\n');
                bool ends = length >= 0;
                if (!ends) length = count - begin;
                int fits = Math.Min(length, LongestLine - line.Length);
                line.Append(buffer, begin, fits);
                isTooLong |= fits < length;
                begin += length;
                if (!ends) continue;
                afterReturn = buffer[begin++] == '\r';
                yield return new LogLine(++number, line.ToString(), isTooLong);
                line.Clear();
                isTooLong = false;
            }
        if (line.Length > 0) yield return new LogLine(++number, line.ToString(), isTooLong);
    }
}
