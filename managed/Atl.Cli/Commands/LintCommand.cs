using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Linting;
using Atl.Logging;
using Atl.Proto;

namespace Atl.Cli.Commands;

/// <summary>lint: says of every prototxt whether it would run, what is deprecated in it, and writes it anew in today's format.</summary>
internal sealed class LintCommand : Command
{
    public override string Name => "lint";

    public override string Summary => "check nets and solvers, name deprecated fields, upgrade files";

    public override IReadOnlyList<Argument> Arguments =>
        [new("FILE|DIR", "a prototxt, or a folder whose .prototxt files are checked, those in folders below too") { Repeated = true }];

    public override IReadOnlyList<Flag> Flags =>
    [
        new("fix", FlagKind.Switch, "write files with deprecated fields in today's format, as NAME.upgraded.prototxt, comments kept"),
        new("in_place", FlagKind.Switch, "with -fix: write over the file itself"),
        SummaryCommand.Shapes,
        new("json", FlagKind.Switch, "print JSON in place of a table"),
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
    [
        ("every prototxt below models/", "atl lint models"),
        ("an old net in today's format: writes old.upgraded.prototxt", "atl lint old.prototxt -fix"),
    ];

    public override void Run(FlagValues flags)
    {
        if (flags.Switch("in_place") && !flags.Switch("fix")) throw new UsageException("-in_place needs -fix");
        Log.Minimum = (LogSeverity)Math.Max((int)Log.Minimum, (int)LogSeverity.Error);
        Linter linter = new(flags.Switch("allow_unknown_fields"), SummaryCommand.ReadShapes(flags.List("shapes")));
        List<LintedFile> files = [.. flags.Arguments("FILE|DIR").SelectMany(Files).Select(linter.Check)];
        if (flags.Switch("json"))
            Console.Out.WriteLine(JsonText.Of(files));
        else
            Print(files);
        if (flags.Switch("fix"))
            foreach (LintedFile file in files.Where(file => file.CanUpgrade))
            {
                string target = flags.Switch("in_place") ? file.File : Path.ChangeExtension(file.File, ".upgraded.prototxt");
                file.WriteUpgraded(target);
                Console.Error.WriteLine($"{file.File}: written in today's format to {target}");
            }
        int errors = files.Count(file => file.Status is LintStatus.Error or LintStatus.UnknownLayer);
        if (errors > 0) throw new AtlException($"{errors} of {files.Count} files cannot be used as they are");
    }

    private static IEnumerable<string> Files(string path)
    {
        if (!Directory.Exists(path)) return [path];
        string[] files = [.. Directory.EnumerateFiles(path, "*.prototxt", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new AtlException($"{path}: a folder without .prototxt files");
    }

    private static void Print(List<LintedFile> files)
    {
        TextTable table = new("file", "kind", "status", "nets");
        foreach (LintedFile file in files)
            table.Add(file.File, file.Kind, Word(file.Status), string.Join(", ",
                file.Nets.Select(net => net.Stage.Length == 0 ? $"{net.Phase} {Word(net.Status)}" : $"{net.Phase} ({net.Stage}) {Word(net.Status)}")));
        table.Write(Console.Out);
        foreach (LintedFile file in files)
        {
            foreach (DeprecatedField field in file.Deprecated)
                Console.Out.WriteLine($"{field.Place?.ToString() ?? file.File}: deprecated: {field.Field}{(field.Uses > 1 ? $" ({field.Uses} times)" : "")}, "
                    + $"today {field.Replacement}");
            foreach (string note in file.Notes) Console.Out.WriteLine($"{note} [note]");
            foreach (string message in file.Nets.Select(net => net.Message).Append(file.Message).Where(message => message.Length > 0).Distinct())
                Console.Out.WriteLine($"{message} [{Word(file.Status)}]");
        }
        Console.Out.WriteLine($"{files.Count} files: "
            + $"{string.Join(", ", files.GroupBy(file => file.Status).OrderBy(group => group.Key).Select(group => $"{group.Count()} {Word(group.Key)}"))}");
    }

    private static string Word(LintStatus status) => status switch
    {
        LintStatus.OtherPhase => "other phase's",
        LintStatus.Built => "built",
        LintStatus.NeedsFile => "needs a file",
        LintStatus.UnknownLayer => "unknown layer",
        _ => "error",
    };
}
