namespace Atl.Fuzz.Running;

/// <summary>A command line that was run.</summary>
/// <param name="Arguments">The words after the program's name.</param>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Text">All that was printed.</param>
internal sealed record ProgramRun(string[] Arguments, int ExitCode, string Text)
{
    /// <summary>The command line, as a shell takes it.</summary>
    public string Line => CommandLine(Arguments);

    /// <summary>The line of a command, as a shell takes it.</summary>
    public static string CommandLine(IEnumerable<string> arguments) =>
        "atl " + string.Join(' ', arguments.Select(Quoted));

    private static string Quoted(string word) =>
        word.Length > 0
            && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=,:+".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
