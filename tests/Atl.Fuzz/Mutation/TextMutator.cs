using System.Text;
using System.Text.RegularExpressions;

namespace Atl.Fuzz.Mutation;

/// <summary>Damage to text: numbers, words, lines and odd characters.</summary>
/// <param name="words">Words of the format, which may come to stand anywhere.</param>
internal sealed partial class TextMutator(params string[] words) : Mutator
{
    private static readonly string[] Odd =
    [
        "\0", "\t", "\n", "\r", "\r\n", "\"", "'", "\\", "\\\"", "{", "}", "[", "]", ":", ",", ";", "#", " ",
            "\xFF\xFE",
        "\xEF\xBB\xBF", "\xC3", "\xE2\x80\xAE", "\x1B[31m", "<script>", "../", "..", ".", "/", "~", "%s", "é", "-",
        new('x', 300), new('9', 400), new('{', 200), new('[', 3000),
    ];

    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        // One character a byte, so that bytes that are no text stay as they are.
        string text = Encoding.Latin1.GetString(data);
        return Encoding.Latin1.GetBytes(random.Next(10) switch
        {
            0 or 1 or 2 => ReplaceMatch(text, Number(), InterestingNumbers.Text(random), random),
            3 => ReplaceMatch(text, Word(), AnyWord(text, random), random),
            4 => ReplaceMatch(text, Word(), "", random),
            5 or 6 => ChangeLines(text, random),
            7 => text.Insert(random.Next(text.Length + 1), Odd[random.Next(Odd.Length)]),
            8 => text.Insert(random.Next(text.Length + 1), $" {AnyWord(text, random)} "),
            _ => text[..random.Next(text.Length + 1)],
        });
    }

    private static string ReplaceMatch(string text, Regex pattern, string value, Random random)
    {
        MatchCollection matches = pattern.Matches(text);
        if (matches.Count == 0) return text + value;
        Match match = matches[random.Next(matches.Count)];
        return string.Concat(text.AsSpan(0, match.Index), value, text.AsSpan(match.Index + match.Length));
    }

    private string AnyWord(string text, Random random)
    {
        if (words.Length > 0 && random.Next(2) == 0) return words[random.Next(words.Length)];
        MatchCollection matches = Word().Matches(text);
        return matches.Count > 0 ? matches[random.Next(matches.Count)].Value : InterestingNumbers.Text(random);
    }

    private static string ChangeLines(string text, Random random)
    {
        List<string> lines = [.. text.Split('\n')];
        int one = random.Next(lines.Count), other = random.Next(lines.Count);
        switch (random.Next(5))
        {
            case 0:
                lines.RemoveAt(one);
                break;
            case 1:
                lines.Insert(other, lines[one]);
                break;
            case 2:
                (lines[one], lines[other]) = (lines[other], lines[one]);
                break;
            case 3:
                lines.InsertRange(one, Enumerable.Repeat(lines[one], 1 + random.Next(40)));
                break;
            default:
                lines[one] = "";
                break;
        }
        return string.Join('\n', lines);
    }

    [GeneratedRegex(@"-?\d+(\.\d+)?(e[-+]?\d+)?", RegexOptions.IgnoreCase)]
    private static partial Regex Number();

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Word();
}
