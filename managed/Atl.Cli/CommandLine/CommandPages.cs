using System.Text;

namespace Atl.Cli.CommandLine;

/// <summary>The reference of all commands as Markdown (docs/cli.md), from the same table as the help.</summary>
internal static class CommandPages
{
    /// <summary>The whole page.</summary>
    public static string All(IReadOnlyList<Command> commands)
    {
        StringBuilder text = new();
        text.Append("""
            # The command line

            Generated from the program's help: `atl help` with `-markdown`. `atl help COMMAND` prints one command. Flags
            take one dash or two, and a space or an equals sign before the value; `-noNAME` turns a switch off. Exit
            codes: [exit-codes.md](exit-codes.md).

            | command | |
            |---|---|

            """);
        foreach (Command command in commands) Line(text, $"| [{command.Name}](#{command.Name}) | {Cell(command.Summary)} |");
        Line(text, "\n## Flags of every command\n");
        Flags(text, Command.CommonFlags);
        foreach (Command command in commands) Page(text, command);
        return text.ToString();
    }

    private static void Page(StringBuilder text, Command command)
    {
        Line(text, $"\n## {command.Name}\n");
        Line(text, $"{char.ToUpperInvariant(command.Summary[0])}{command.Summary[1..]}.\n");
        if (command.Arguments.Count > 0)
        {
            Line(text, "| argument | |\n|---|---|");
            foreach (Argument argument in command.Arguments)
                Line(text, $"| `{argument.Name}` | {Cell(argument.Help)} |");
            Line(text, "");
        }
        Flags(text, command.Flags);
        Line(text, "\n| example | |\n|---|---|");
        foreach ((string what, string line) in command.Examples) Line(text, $"| `{Cell(line)}` | {Cell(what)} |");
    }

    private static void Flags(StringBuilder text, IReadOnlyList<Flag> flags)
    {
        Line(text, "| flag | default | |\n|---|---|---|");
        foreach (Flag flag in flags.Where(flag => !flag.Hidden))
        {
            string name = flag.Value.Length > 0 ? $"-{flag.Name} {flag.Value}" : $"-{flag.Name}";
            string value = flag.Required ? "required" : flag.Default.Length > 0 ? $"`{flag.Default}`" : "";
            Line(text, $"| `{name.Replace("|", "\\|", StringComparison.Ordinal)}` | {value} | {Cell(flag.Help)} |");
        }
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    // The file is the same on every system.
    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
