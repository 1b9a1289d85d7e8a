using System.Text;
using System.Text.RegularExpressions;

namespace Atl.Cli.Tests.Documents;

/// <summary>A command of a shell script: its words without quotes, comments, redirections and assignments.</summary>
/// <param name="Line">The line on which it begins; from the first line's number.</param>
/// <param name="Words">The program and its arguments.</param>
internal sealed partial record ShellCommand(int Line, IReadOnlyList<string> Words)
{
    private const string Separators = ";&|\n";
    private const string Redirections = "<>";

    /// <summary>The program's name or path.</summary>
    public string Program => Words[0];

    /// <summary>What follows the program.</summary>
    public IEnumerable<string> Arguments => Words.Skip(1);

    /// <summary>Splits a script into its commands.</summary>
    /// <param name="script">Simple commands and what joins them: newlines, semicolons, and, or, pipes.</param>
    /// <param name="firstLine">The number of the script's first line.</param>
    /// <param name="file">What messages call the script.</param>
    /// <exception cref="FormatException">A quotation mark lacks its other.</exception>
    public static IReadOnlyList<ShellCommand> ReadAll(string script, int firstLine, string file = "script")
    {
        List<ShellCommand> commands = [];
        List<string> words = [];
        StringBuilder? word = null;
        int line = firstLine, start = firstLine;
        bool redirected = false;
        for (int i = 0; i < script.Length; i++)
        {
            char c = script[i];
            if (c == '\\' && i + 1 < script.Length)
            {
                // A newline after a backslash goes on with the command.
                if (script[++i] == '\n') line++;
                else (word ??= new StringBuilder()).Append(script[i]);
            }
            else if (c is '\'' or '"')
            {
                int end = script.IndexOf(c, i + 1);
                if (end < 0) throw new FormatException($"{file}:{line}: a quotation mark without its other");
                (word ??= new StringBuilder()).Append(script, i + 1, end - i - 1);
                line += script.AsSpan(i, end - i).Count('\n');
                i = end;
            }
            else if (c == '#' && word is null)
            {
                while (i + 1 < script.Length && script[i + 1] != '\n') i++;
            }
            else if (Separators.Contains(c, StringComparison.Ordinal))
            {
                EndCommand();
                if (c == '\n') line++;
            }
            else if (Redirections.Contains(c, StringComparison.Ordinal))
            {
                // The number of a stream is no word: 2>errors.
                if (word is not null && int.TryParse(word.ToString(), out _)) word = null;
                EndWord();
                redirected = true;
            }
            else if (char.IsWhiteSpace(c))
            {
                EndWord();
            }
            else
            {
                (word ??= new StringBuilder()).Append(c);
            }
        }
        EndCommand();
        return commands;

        void EndWord()
        {
            if (word is null) return;
            if (words.Count == 0) start = line;
            if (!redirected) words.Add(word.ToString());
            (word, redirected) = (null, false);
        }

        void EndCommand()
        {
            EndWord();
            string[] told = [.. words.SkipWhile(word => Assignment().IsMatch(word))];
            if (told.Length > 0) commands.Add(new ShellCommand(start, told));
            words.Clear();
            redirected = false;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', Words);

    [GeneratedRegex("^[A-Za-z_][A-Za-z_0-9]*=")]
    private static partial Regex Assignment();
}
