using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Data;
using Atl.Linting;
using Atl.Nets;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Cli.Commands;

/// <summary>lint: says of every prototxt whether it would run, what is deprecated in it, and rewrites it in the current
/// format.</summary>
internal sealed class LintCommand : Command
{
    public override string Name => "lint";

    public override string Summary => "check nets and solvers, list deprecated fields, upgrade files";

    public override IReadOnlyList<Argument> Arguments =>
        [new("FILE|DIR", "a prototxt, or a folder with .prototxt and .pt files, searched recursively; exit code 1 if "
            + "one is wrong or has layers that Atl lacks, 0 if a file or a shape is needed") { Repeated = true }];

    public override IReadOnlyList<Flag> Flags =>
    [
        new("fix", FlagKind.Switch,
            "write files with deprecated fields in the current format as NAME.upgraded.prototxt; comments stay"),
        new("in_place", FlagKind.Switch, "with -fix: overwrite the file itself"),
        SummaryCommand.Shapes,
        CommonOptions.Weights with { Help = "compare nets with trained weights; several separated by commas" },
        new("json", FlagKind.Switch, "print JSON instead of a table"),
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
    [
        ("all prototxts below models/", "atl lint models"),
        ("convert an old net to the current format: old.upgraded.prototxt", "atl lint old.prototxt -fix"),
        ("a net whose data shape is not in the file", "atl lint train_val.prototxt -shapes data=32,3,112,112"),
        ("layers without trained weights",
            "atl lint deploy.prototxt -weights face_triplet_iter_1000.caffemodel"),
    ];

    public override void Run(FlagValues flags, GlogLogger log)
    {
        if (flags.Switch("in_place") && !flags.Switch("fix")) throw new UsageException("-in_place needs -fix");
        log.RaiseMinimum(LogLevel.Error);
        WeightsFile[] weights = [.. CommonOptions.WeightsFiles(flags, log)];
        Linter linter = new(
            flags.Switch("allow_unknown_fields"), SummaryCommand.ReadShapes(flags.List("shapes")),
            weights.Length > 0 ? new WeightsComparison(weights) : null);
        string[] paths = [.. flags.Arguments("FILE|DIR").SelectMany(Files)];
        CollectionPause.Begin(paths);
        List<LintedFile> files = [.. paths.Select(file => Check(linter, file))];
        if (flags.Switch("json"))
            Console.Out.WriteLine(JsonText.Of(files));
        else
            Print(files);
        bool inPlace = flags.Switch("in_place");
        int unwritten = flags.Switch("fix") ? files.Count(file => file.CanUpgrade && !TryWrite(file, inPlace)) : 0;
        int errors = files.Count(file => file.Status is LintStatus.Error or LintStatus.UnknownLayer);
        string[] faults =
        [
            .. errors > 0 ? [$"{errors} of {Amount.Of(files.Count, "file")} cannot be used as they are"]
                : Array.Empty<string>(),
            .. unwritten > 0 ? [$"{unwritten} not written in the current format"] : Array.Empty<string>(),
        ];
        if (faults.Length > 0) throw new AtlException(string.Join("; ", faults));
    }

    // Whatever one file does, the others have their results.
    private static LintedFile Check(Linter linter, string file)
    {
        try
        {
            return linter.Check(file);
        }
        catch (Exception e)
        {
            string place = e.Message.StartsWith(file, StringComparison.Ordinal) ? "" : $"{PathText.Show(file)}: ";
            return new LintedFile(file, "file", LintStatus.Error, place + ItemFailure.Reason(e), [], [], []);
        }
    }

    private static bool TryWrite(LintedFile file, bool inPlace)
    {
        string target = inPlace ? file.File : Path.ChangeExtension(file.File, ".upgraded.prototxt");
        try
        {
            file.WriteUpgraded(target);
        }
        catch (AtlException e)
        {
            Console.Error.WriteLine(e.Message);
            return false;
        }
        Console.Error.WriteLine($"{file.File}: written in the current format to {target}");
        return true;
    }

    private static IEnumerable<string> Files(string path)
    {
        if (!Directory.Exists(path)) return [path];
        FolderWalk walk = FolderWalk.Through(path, hidden: true);
        foreach (string line in walk.SkippedLines()) Console.Error.WriteLine(line);
        // A folder that cannot be read is a failure as the files in it would be.
        string[] files = [.. walk.Files.Where(IsPrototxt).Concat(walk.Unreadable.Select(folder => folder.Folder))
            .Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new AtlException($"{path}: a folder without .prototxt and .pt files");
    }

    // Some Caffes' nets are called .pt, as PyTorch's weights are, which are no text.
    private static bool IsPrototxt(string path)
    {
        string extension = Path.GetExtension(path);
        if (extension == ".prototxt") return true;
        if (extension != ".pt") return false;
        // What is no file, or cannot be read, is named when it is linted.
        if (FileHead.TryRead(path, 64) is not { } start) return true;
        return start.Length > 0 && !start.AsSpan().StartsWith("PK"u8)
            && !start.AsSpan().ContainsAnyInRange((byte)0, (byte)8);
    }

    private static void Print(List<LintedFile> files)
    {
        TextTable table = new("file", "kind", "status", "nets");
        foreach (LintedFile file in files)
            table.Add(file.File, file.Kind, Word(file.Status), string.Join(", ",
                file.Nets.Select(net => net.Stage.Length == 0 ? $"{net.Phase} {Word(net.Status)}"
                    : $"{net.Phase} ({net.Stage}) {Word(net.Status)}")));
        table.Write(Console.Out);
        using LineBuffer lines = new(Console.Out);
        foreach (LintedFile file in files)
        {
            foreach (DeprecatedField field in file.Deprecated)
                lines.Add($"{field.Place?.ToString() ?? file.File}: deprecated: "
                    + $"{field.Field}{(field.Uses > 1 ? $" ({field.Uses} times)" : "")}, "
                    + $"today {field.Replacement}");
            foreach (string note in file.Notes) lines.Add(note, " [note]");
            foreach (LintedNet net in file.Nets)
                if (net.Weights is { } weights) PrintWeights(lines, file.File, net.Phase, weights);
            foreach ((string message, LintStatus status) in Faults(file))
                lines.Add(message, $" [{Word(status)}]");
        }
        IEnumerable<string> counts = files.GroupBy(file => file.Status).OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} {Word(group.Key)}");
        lines.Add($"{Amount.Of(files.Count, "file")}: {string.Join(", ", counts)}");
    }

    private static IEnumerable<(string Message, LintStatus Status)> Faults(LintedFile file) =>
        file.Nets.Select(net => (net.Message, net.Status)).Append((file.Message, file.Status))
            .SelectMany(fault => Lines(fault.Message).Select(line => (Message: line, fault.Status)))
            .DistinctBy(fault => fault.Message);

    private static string[] Lines(string message) => message.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static void PrintWeights(LineBuffer lines, string file, string phase, LintedWeights weights)
    {
        foreach (string line in weights.Missing) lines.Add(line, $" ({phase}) [weights]");
        string ignored = string.Join(", ", weights.Ignored);
        if (ignored.Length > 0)
            lines.Add($"{file}: {phase}: the net lacks {ignored} of the weights [weights]");
        if (weights is { Missing.Count: 0, Misfits.Count: 0 })
            lines.Add($"{file}: {phase}: every layer finds its weights [weights]");
    }

    private static string Word(LintStatus status) => status switch
    {
        LintStatus.OtherPhase => "other phase's",
        LintStatus.Built => "built",
        LintStatus.NeedsFile => "needs a file",
        LintStatus.NeedsShape => "needs a shape",
        LintStatus.UnknownLayer => "unknown layer",
        _ => "error",
    };
}
