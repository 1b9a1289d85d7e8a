using System.Text;

namespace Atl.Cli.CommandLine;

/// <summary>The help texts.</summary>
internal static class Help
{
    private const int NameWidth = 28;
    private const int LineWidth = 100;

    /// <summary>The text of <c>atl --help</c>.</summary>
    public static string Overview(IReadOnlyList<Command> commands)
    {
        StringBuilder text = new();
        text.AppendLine("atl: trains and runs Caffe nets for face recognition, with the Angular Triplet Loss")
            .AppendLine();
        text.AppendLine("usage: atl COMMAND [-flag value ...]").AppendLine();
        foreach (Command command in commands) Entry(text, command.Name, command.Summary);
        Entry(text, "help COMMAND", "show the flags and examples of a command");
        text.AppendLine().AppendLine("examples:");
        foreach (Command command in commands.Take(3)) Example(text, command.Examples[0]);
        text.AppendLine("Commands, flags and log lines are Caffe's: replace caffe with atl in your scripts.");
        text.AppendLine(
            "Exit codes: 0 success, 1 failure, 2 wrong command line, 3 some input skipped (docs/exit-codes.md).");
        return text.ToString();
    }

    /// <summary>The text of <c>atl help COMMAND</c>.</summary>
    public static string Of(Command command)
    {
        StringBuilder text = new();
        text.AppendLine($"atl {command.Name}: {command.Summary}").AppendLine();
        IEnumerable<string> arguments = command.Arguments.Select(argument => $" {argument.Usage}");
        IEnumerable<string> required = command.Flags.Where(flag => flag.Required)
            .Select(flag => $" -{flag.Name} {flag.Value}");
        text.AppendLine($"usage: atl "
            + $"{command.Name}{string.Concat(arguments)}{string.Concat(required)} [-flag value ...]").AppendLine();
        foreach (Argument argument in command.Arguments) Entry(text, argument.Name, argument.Help);
        if (command.Arguments.Count > 0) text.AppendLine();
        foreach (Flag flag in command.AllFlags.Where(flag => !flag.Hidden))
        {
            string help = flag.Help + (flag.Default.Length > 0 ? $" (default {flag.Default})" : "")
                + (flag.Required ? " (required)" : "");
            Entry(text, $"-{flag.Name} {flag.Value}", help);
        }
        text.AppendLine().AppendLine("examples:");
        foreach ((string, string) example in command.Examples) Example(text, example);
        text.AppendLine("Flags take one dash or two, and a space or an equals sign before the value; -noNAME turns a "
            + "switch off.");
        return text.ToString();
    }

    private static void Example(StringBuilder text, (string What, string Line) example) =>
        text.AppendLine($"  {example.Line}").AppendLine($"      {example.What}");

    private static void Entry(StringBuilder text, string name, string help)
    {
        string start = $"  {name}";
        text.Append(start.PadRight(NameWidth));
        if (start.Length >= NameWidth) text.AppendLine().Append(' ', NameWidth);
        int column = NameWidth;
        foreach (string word in help.Split(' '))
        {
            if (column + word.Length > LineWidth)
            {
                text.Length--;
                text.AppendLine().Append(' ', NameWidth);
                column = NameWidth;
            }
            text.Append(word).Append(' ');
            column += word.Length + 1;
        }
        text.Length--;
        text.AppendLine();
    }
}
