using System.Text.RegularExpressions;
using Atl.Fuzz.Formats;

namespace Atl.Fuzz.Running;

/// <summary>What holds for every input, whatever is in it.</summary>
internal static partial class Oracle
{
    /// <summary>How long a command may take.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    private const long FreeMemory = 1L << 30;
    private const int MemoryPerByte = 20;
    private const int MessageCharacters = 300;

    /// <summary>How much memory, in bytes, a command may hold with an input of so many bytes.</summary>
    public static long MemoryLimit(long inputBytes) => FreeMemory + (MemoryPerByte * inputBytes);

    /// <summary>What is wrong with a command's end; null where nothing is.</summary>
    public static Fault? Judge(ProgramRun run, FuzzInput input, FuzzFormat format)
    {
        if (run.ExitCode is < 0 or > 3) return new Fault("exit code", $"{run.ExitCode}", run.Line);
        if (InternalError().Match(WithoutAskedFor(run)) is { Success: true } error)
            return new Fault("internal error", Trace(run, error.Value), run.Line);
        if (format.IsCommandLine || run.ExitCode == 0) return null;
        if (run.ExitCode == 2)
            return new Fault("exit code", $"2, as for a wrong command line: {LastLine(run.Text)}", run.Line);
        return Names(run, input) || format.Elsewhere?.IsMatch(run.Text) == true ? null
            : new Fault("unnamed file", LastLine(run.Text), run.Line);
    }

    /// <summary>The last line that was printed: the error.</summary>
    public static string LastLine(string text) => Short(text.TrimEnd().Split('\n')[^1]);

    // With -v an error shows its stack.
    private static string WithoutAskedFor(ProgramRun run) =>
        run.Arguments.Any(argument => argument.TrimStart('-').StartsWith('v')) ? Stack().Replace(run.Text, "")
        : run.Text;

    // A list, which the message names, may tell what could not be taken.
    private static bool Names(ProgramRun run, FuzzInput input)
    {
        string[] names =
        [
            Path.GetFileName(input.File), Path.GetDirectoryName(input.File)!,
            .. run.Arguments.Where(Directory.Exists),
            .. run.ExitCode == 3 ? Directory.GetFiles(FuzzCase.OutputFolder, "*.*", SearchOption.AllDirectories) : [],
        ];
        return names.Any(name => name.Length > 0 && run.Text.Contains(name, StringComparison.Ordinal));
    }

    // The message alone does not tell one error from another; the same run again says where it arose.
    private static string Trace(ProgramRun run, string message)
    {
        string text = FuzzCase.Execute([.. run.Arguments, "-v"]).Text;
        return Short(message) + (Place().Match(text) is { Success: true } place ? $" at {place.Groups[1].Value}" : "");
    }

    private static string Short(string text) =>
        text.Length > MessageCharacters ? text[..MessageCharacters] + "…" : text;

    [GeneratedRegex(@"[^\n]*(\(an error of the program|\b[A-Z]\w+Exception\b|^   at \w)[^\n]*", RegexOptions.Multiline)]
    private static partial Regex InternalError();

    [GeneratedRegex(@"^Atl\.[\w.]*Exception: [\s\S]*", RegexOptions.Multiline)]
    private static partial Regex Stack();

    [GeneratedRegex(@"^   at (Atl\.[\w.+<>`]+)", RegexOptions.Multiline)]
    private static partial Regex Place();
}
