using System.Buffers;
using System.Globalization;
using System.Text;

namespace Atl.Proto;

/// <summary>Paths as messages show them. A path written with single backslashes in a prototxt holds control characters:
/// \n and \t of data\new\train.</summary>
internal static class PathText
{
    // What stands in a name that the system gives for bytes that are no UTF-8; the file cannot be opened by it.
    private const char NoUtf8 = '\uFFFD';
    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(char.IsControl)]);
    // Two paths fit.
    private const int LongestLine = 10_000;

    /// <summary>The path on one line: its control characters as escapes.</summary>
    public static string Show(string path) => Escape(path, keep: null);

    /// <summary>
    /// A message whose control characters, but for the ends of its lines, are escapes, and whose lines are of a length
    /// that can be read: what was found in a
    /// file may be all of it.
    /// </summary>
    public static string Message(string message) => Escape(Shortened(message), keep: '\n');

    /// <summary>
    /// <c>; ...</c> with what to write in a path that holds control characters, or Windows' separators elsewhere, or
    /// what a file's name that is no UTF-8 needs; nothing for others.
    /// </summary>
    public static string Hint(string path) =>
        IsNoUtf8(path) ? "; the name holds bytes that are not UTF-8: rename the file"
        : path.AsSpan().ContainsAny(Controls) ? "; the path holds control characters: write / or \\\\ for each \\ of a path"
        : path.Contains('\\', StringComparison.Ordinal) && !OperatingSystem.IsWindows()
        ? "; write / for each \\ of a path here"
        : "";

    /// <summary>Whether a path that the system gave holds bytes that are not UTF-8, so that it leads nowhere.</summary>
    public static bool IsNoUtf8(string path) => path.Contains(NoUtf8);

    /// <summary>
    /// The path with slashes where a list from Windows has backslashes and no file has the name with them.
    /// </summary>
    public static string Local(string path) =>
        OperatingSystem.IsWindows() || !path.Contains('\\') || File.Exists(path) ? path : path.Replace('\\', '/');

    // The beginning of a line has file and place, the end what was expected.
    private static string Shortened(string message)
    {
        if (message.Length <= LongestLine) return message;
        return string.Join('\n', message.Split('\n').Select(line => line.Length <= LongestLine
            ? line : string.Concat(line.AsSpan(0, LongestLine / 2), " … ",
                line.AsSpan(line.Length - LongestLine / 2))));
    }

    private static string Escape(string text, char? keep)
    {
        int first = 0;
        while (first < text.Length && !IsEscaped(text[first], keep)) first++;
        if (first == text.Length) return text;
        StringBuilder shown = new(text, 0, first, 2 * text.Length);
        foreach (char c in text.AsSpan(first))
            if (IsEscaped(c, keep)) shown.Append(EscapeOf(c));
            else shown.Append(c);
        return shown.ToString();
    }

    private static bool IsEscaped(char c, char? keep) => char.IsControl(c) && c != keep;

    private static string EscapeOf(char c) => c switch
    {
        '\a' => "\\a",
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\v' => "\\v",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
    };
}
