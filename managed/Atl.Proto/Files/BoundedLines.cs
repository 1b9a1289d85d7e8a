using System.Text;

namespace Atl.Proto;

/// <summary>One line of a text.</summary>
/// <param name="Number">Its number in the file, from 1.</param>
/// <param name="Text">The line without its end; the beginning of one that is too long.</param>
/// <param name="IsTooLong">Whether the line is longer than the longest that is read.</param>
internal readonly record struct BoundedLine(long Number, string Text, bool IsTooLong);

/// <summary>
/// Reads the lines of a text that may hold anything: a line that never ends costs no more memory than the longest one
/// that is read. Lines end as those of <see cref="File.ReadLines(string)"/>.
/// </summary>
internal static class BoundedLines
{
    private const int BufferChars = 1 << 16;

    /// <summary>The lines, one after another, also of a file that is still written to.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it should be, for the message where there is none.</param>
    /// <param name="longest">The characters of the longest line that is read.</param>
    /// <exception cref="AtlException">The file is missing or cannot be read.</exception>
    public static IEnumerable<BoundedLine> Read(string path, string expected, int longest)
    {
        using StreamReader reader = new(UserFile.Open(path, expected), bufferSize: BufferChars);
        char[] buffer = new char[BufferChars];
        StringBuilder line = new();
        long number = 0;
        bool isTooLong = false, afterReturn = false;
        Func<int> read = () => reader.Read(buffer);
        while (UserFile.Guarded(path, expected, read) is > 0 and var count)
            for (int begin = 0; begin < count;)
            {
                // The second half of \r\n.
                if (afterReturn && buffer[begin] == '\n') begin++;
                afterReturn = false;
                int length = buffer.AsSpan(begin, count - begin).IndexOfAny('\r', '\n');
                bool ends = length >= 0;
                if (!ends) length = count - begin;
                int fits = Math.Min(length, longest - line.Length);
                line.Append(buffer, begin, fits);
                isTooLong |= fits < length;
                begin += length;
                if (!ends) continue;
                afterReturn = buffer[begin++] == '\r';
                yield return new BoundedLine(++number, line.ToString(), isTooLong);
                line.Clear();
                isTooLong = false;
            }
        if (line.Length > 0) yield return new BoundedLine(++number, line.ToString(), isTooLong);
    }
}
