using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Face.Import;
using Atl.Logging;

namespace Atl.Cli.Commands;

/// <summary>import: pictures of known people go into a database to train on.</summary>
internal sealed class ImportCommand : Command
{
    private const string Source = "SOURCE";

    public override string Name => "import";

    public override string Summary => "put faces of known people into an LMDB to train on";

    public override IReadOnlyList<Argument> Arguments =>
        [new(Source, "a folder with a folder for each person, a list of paths and labels, a .rec file, or .tar archives") { Repeated = true }];

    public override IReadOnlyList<Flag> Flags =>
    [
        new("out", FlagKind.Text, "the LMDB", "DB") { Required = true },
        new("root", FlagKind.Text, "the folder that a list's paths are below", "DIR"),
        new("order", FlagKind.Text, "at random, round after round with one picture of each person, or as in the source", "shuffled|balanced|kept")
        {
            Default = "shuffled",
            Choices = ["shuffled", "balanced", "kept"],
        },
        new("seed", FlagKind.Integer, "chooses the order", "N") { Default = "1" },
        new("raw", FlagKind.Switch, "store pixels in place of encoded pictures"),
        new("gray", FlagKind.Switch, "make grey pictures"),
        new("resize", FlagKind.Text, "bring pictures to a size", "WxH"),
        new("format", FlagKind.Text, "how pictures are encoded that are made grey or brought to a size; others are stored as they are", "png|jpg")
        {
            Default = "png",
            Choices = ["png", "jpg"],
        },
        new("min_images", FlagKind.Integer, "leave out people with fewer pictures", "N") { Default = "1" },
        new("labels", FlagKind.Text, "take labels from a file of lines LABEL, tab, NAME; somebody who is not in it is an error", "FILE"),
        new("renumber", FlagKind.Switch, "number people anew from 0 where the source gives labels"),
        new("keep_duplicates", FlagKind.Switch, "keep pictures of the same bytes as one before"),
        new("overwrite", FlagKind.Switch, "replace a database, or begin anew after a run that was broken off"),
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
    [
        ("aligned faces in a folder for each person", "atl import casia_aligned/ -out casia_lmdb"),
        ("a data set of insightface, as pixels", "atl import faces_emore/train.rec -raw -out emore_lmdb"),
    ];

    public override void Run(FlagValues flags)
    {
        if (!flags.IsGiven("minloglevel")) Log.Minimum = LogSeverity.Warning;
        if (flags.Integer("min_images") < 1) throw new UsageException($"flag '-min_images' is '{flags.Text("min_images")}', expected 1 or more");
        if (flags.IsGiven("labels") && flags.Switch("renumber")) throw new UsageException("import takes -labels FILE or -renumber");
        (int width, int height) = flags.IsGiven("resize") ? flags.Size("resize") : (0, 0);
        string database = flags.Text("out");
        ImportOptions options = new()
        {
            Order = Enum.Parse<ImportOrder>(flags.Text("order"), ignoreCase: true),
            Seed = (ulong)flags.Integer("seed"),
            Raw = flags.Switch("raw"),
            Gray = flags.Switch("gray"),
            Width = width,
            Height = height,
            Format = flags.Text("format"),
            MinimumImages = flags.Integer("min_images"),
            KeepDuplicates = flags.Switch("keep_duplicates"),
            Renumber = flags.Switch("renumber"),
            LabelMap = flags.IsGiven("labels") ? flags.Text("labels") : null,
            Overwrite = flags.Switch("overwrite"),
        };
        using ImportSource source = ImportSource.Open(flags.Arguments(Source), flags.IsGiven("root") ? flags.Text("root") : null);
        ImportOutcome? outcome;
        using (ProgressCount progress = new("import", source.Items.Count)) outcome = new ImportRun(options).Run(source, database, progress.Report);
        if (outcome is null)
        {
            Console.Error.WriteLine($"{database} is there already, made from the same source in the same way");
            return;
        }
        Print(database, source, outcome);
        int unreadable = Count(outcome, ImportProblem.Unreadable);
        if (unreadable > 0)
            throw new IncompleteException($"{unreadable} of {source.Items.Count} pictures could not be read: {database}{ImportRun.SkippedEnding} says why");
    }

    private static void Print(string database, ImportSource source, ImportOutcome outcome)
    {
        string earlier = outcome.Earlier > 0 ? $"; {outcome.Earlier} pictures had been gone through before" : "";
        Console.Error.WriteLine($"{database}: {outcome.Images} pictures of {outcome.People} people, labels 0 to {outcome.Labels - 1} (num_output: "
            + $"{outcome.Labels}){earlier}");
        if (source.PassedOver > 0) Console.Error.WriteLine($"{source.PassedOver} files of the source are no pictures");
        if (outcome.Skipped.Count > 0)
            Console.Error.WriteLine(
                $"not in it: {Count(outcome, ImportProblem.Unreadable)} unreadable, {Count(outcome, ImportProblem.Duplicate)} duplicates, "
                + $"{Count(outcome, ImportProblem.Contradiction)} the same as one of somebody else, "
                + $"{Count(outcome, ImportProblem.FewImages)} of people with few pictures"
                + $" ({database}{ImportRun.SkippedEnding})");
        if (outcome.Absent > 0)
            Console.Error.WriteLine($"{outcome.Absent} people have a label and no picture that could be put in: 0 in {database}{ImportRun.LabelsEnding}");
        if (outcome.Sizes is [var first, var second, ..])
            Console.Error.WriteLine(
                $"pictures have {outcome.Sizes.Count} sizes ({first.Size}: {first.Images}, {second.Size}: "
                    + $"{second.Images}{(outcome.Sizes.Count > 2 ? ", …" : "")}): "
                + "a Data layer needs one, or a crop_size (and force_color or force_gray where the channels differ); -resize brings them to one");
    }

    private static int Count(ImportOutcome outcome, ImportProblem problem) => outcome.Skipped.Count(skip => skip.Problem == problem);
}
