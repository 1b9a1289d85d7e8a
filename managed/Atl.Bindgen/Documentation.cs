using System.Text.RegularExpressions;
using CppSharp.AST;

namespace Atl.Bindgen;

/// <summary>XML documentation of the headers' comments.</summary>
internal static partial class Documentation
{
    private const int Width = 120;

    /// <summary>The lines of a declaration's summary; none where it has no comment.</summary>
    public static IEnumerable<string> Of(Declaration declaration, string indent) =>
        declaration.Comment is { Text: { } text } ? Summary(Plain(text), indent) : [];

    private static IEnumerable<string> Summary(string text, string indent)
    {
        string line = $"{indent}/// <summary>{text}</summary>";
        if (line.Length <= Width) return [line];
        IEnumerable<string> parts = Wrapped(text, Width - indent.Length - 4);
        return [$"{indent}/// <summary>", .. parts.Select(part => $"{indent}/// {part}"), $"{indent}/// </summary>"];
    }

    // The comment's words, with XML's signs escaped and `code` marked; a comment that is no sentence ends like one.
    private static string Plain(string comment)
    {
        string text = Spaces().Replace(Marks().Replace(comment, " "), " ").Trim();
        text = text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
        text = Code().Replace(text, "<c>$1</c>");
        return text.EndsWith('.') ? text : text + ".";
    }

    private static IEnumerable<string> Wrapped(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }
            line = line.Length == 0 ? word : $"{line} {word}";
        }
        yield return line;
    }

    [GeneratedRegex(@"^[ \t]*(?:/\*+|//+|\*(?!/))|\*+/$", RegexOptions.Multiline)]
    private static partial Regex Marks();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
