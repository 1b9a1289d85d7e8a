using System.Globalization;
using System.Text;

namespace Atl.Data;

/// <summary>
/// Names in files of lines and columns. A name stands there as it is, unless it could not be read back: one that holds
/// a tab, a line's end or another control character, begins with a double quote or a byte-order mark, or begins or ends
/// with a space is written in double quotes, with the escapes <c>\t \n \r \" \\</c> and <c>\u</c> with four hexadecimal
/// digits. All files that Atl writes beside others have it, and all lists that it reads.
/// </summary>
internal static class QuotedName
{
    private const char Quote = '"', Escape = '\\', ByteOrderMark = '\uFEFF';
    private const int HexDigits = 4;

    /// <summary>A name as it is written in a column.</summary>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return IsPlain(name) ? name : Quoted(name);
    }

    /// <summary>A name as it is written on a line of its own, where a number after a space would be a label.</summary>
    public static string OfLine(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int blank = name.LastIndexOf(' ');
        return IsPlain(name) && !(blank >= 0 && LabelText.IsNumber(name[(blank + 1)..])) ? name : Quoted(name);
    }

    /// <summary>The name that a column holds.</summary>
    public static string Parse(string column) =>
        TryTake(column, out string name, out string rest) && rest.Length == 0 ? name : column;

    /// <summary>Takes a quoted name from the beginning of a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="name">The name.</param>
    /// <param name="rest">What follows, without the spaces around it.</param>
    /// <returns>
    /// False where the line does not begin with a name in quotes that ends with the line or before a space: then quotes
    /// are a part of its text.
    /// </returns>
    public static bool TryTake(string line, out string name, out string rest)
    {
        ArgumentNullException.ThrowIfNull(line);
        (name, rest) = ("", "");
        if (line is not [Quote, ..]) return false;
        StringBuilder read = new();
        for (int at = 1; at < line.Length; at++)
            if (line[at] == Quote)
            {
                if (at + 1 < line.Length && line[at + 1] is not (' ' or '\t')) return false;
                (name, rest) = (read.ToString(), line[(at + 1)..].Trim());
                return true;
            }
            else if (line[at] != Escape)
            {
                read.Append(line[at]);
            }
            else if (Unescaped(line, ref at) is { } character)
            {
                read.Append(character);
            }
            else
            {
                return false;
            }
        return false;
    }

    private static bool IsPlain(string name) => name.Length > 0 && name[0] is not (Quote or ByteOrderMark)
        && !char.IsWhiteSpace(name[0]) && !char.IsWhiteSpace(name[^1]) && !name.Any(char.IsControl)
        && !HasLoneSurrogate(name);

    // Half of a character has no UTF-8.
    private static bool HasLoneSurrogate(string name)
    {
        for (int i = 0; i < name.Length; i++)
            if (i + 1 < name.Length && char.IsSurrogatePair(name[i], name[i + 1])) i++;
            else if (char.IsSurrogate(name[i])) return true;
        return false;
    }

    private static string Quoted(string name)
    {
        StringBuilder quoted = new(name.Length + 2);
        quoted.Append(Quote);
        foreach (char c in name)
            _ = c switch
            {
                Quote or Escape => quoted.Append(Escape).Append(c),
                '\t' => quoted.Append(@"\t"),
                '\n' => quoted.Append(@"\n"),
                '\r' => quoted.Append(@"\r"),
                ByteOrderMark => Hex(quoted, c),
                _ => char.IsControl(c) || char.IsSurrogate(c) ? Hex(quoted, c) : quoted.Append(c),
            };
        return quoted.Append(Quote).ToString();
    }

    private static StringBuilder Hex(StringBuilder quoted, char c) =>
        quoted.Append(@"\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));

    // The character of an escape, whose last one the place is then; null where it is none.
    private static char? Unescaped(string line, ref int at)
    {
        if (++at >= line.Length) return null;
        switch (line[at])
        {
            case 't': return '\t';
            case 'n': return '\n';
            case 'r': return '\r';
            case Quote or Escape: return line[at];
            case 'u' when at + HexDigits < line.Length && ushort.TryParse(line.AsSpan(at + 1, HexDigits),
                NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code):
                at += HexDigits;
                return (char)code;
            default: return null;
        }
    }
}
