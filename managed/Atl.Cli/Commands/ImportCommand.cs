using System.Globalization;
using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Face.Import;
using Microsoft.Extensions.Logging;

namespace Atl.Cli.Commands;

/// <summary>import: pictures of known people go into a database to train on.</summary>
internal sealed class ImportCommand : Command
{
    private const string Source = "SOURCE";
    private const int NamesShown = 5;

    private static readonly ImportProblem[] NotIn =
        [ImportProblem.Unreadable, ImportProblem.Duplicate, ImportProblem.Contradiction, ImportProblem.FewImages];

    public override string Name => "import";

    public override string Summary => "put faces of known people into an LMDB to train on";

    public override IReadOnlyList<Argument> Arguments =>
        [new(Source, "a folder with a folder for each person, a list of paths and labels (or names), a .rec file, "
            + "or .tar archives") { Repeated = true }];

    public override IReadOnlyList<Flag> Flags =>
    [
        new("out", FlagKind.Text, "the LMDB", "DB") { Required = true },
        new("root", FlagKind.Text, "the folder that a list's paths are below", "DIR"),
        new("order", FlagKind.Text, "at random, round after round with one picture of each person, or as in the source",
            "shuffled|balanced|kept")
        {
            Default = "shuffled",
            Choices = ["shuffled", "balanced", "kept"],
        },
        new("seed", FlagKind.Integer, "chooses the order", "N") { Default = "1" },
        new("raw", FlagKind.Switch, "store pixels in place of encoded pictures"),
        new("gray", FlagKind.Switch, "make grey pictures"),
        new("resize", FlagKind.Text, "bring pictures to a size", "WxH"),
        new("format", FlagKind.Text,
            "how pictures are encoded that are made grey or brought to a size, or whose bytes a Data layer could not use; "
            + "others are stored as they are", "png|jpg")
        {
            Default = "png",
            Choices = ["png", "jpg"],
        },
        new("min_images", FlagKind.Integer, "leave out people with fewer pictures", "N") { Default = "1" },
        new("labels", FlagKind.Text,
            "take labels from a file of lines LABEL, tab, NAME; somebody who is not in it is an error", "FILE"),
        new("renumber", FlagKind.Switch,
            "number people anew from 0 where the source gives labels; DB.labels.tsv has the source's behind the "
                + "new ones"),
        new("exclude", FlagKind.Text, "leave out people or pictures: a file of their names, one a line", "FILE"),
        new("keep_duplicates", FlagKind.Switch, "keep pictures of the same bytes as one before"),
        PictureFlags.MaxPixels,
        new("overwrite", FlagKind.Switch, "replace a database, or begin anew after a run that was broken off"),
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
    [
        ("aligned faces in a folder for each person", "atl import casia_aligned/ -out casia_lmdb"),
        ("a data set of insightface, as pixels", "atl import faces_emore/train.rec -raw -out emore_lmdb"),
    ];

    public override void Run(FlagValues flags, GlogLogger log)
    {
        if (!flags.IsGiven("minloglevel")) log.Minimum = LogLevel.Warning;
        if (flags.Integer("min_images") < 1)
            throw new UsageException($"flag '-min_images' is '{flags.Text("min_images")}', expected 1 or more");
        if (flags.IsGiven("labels") && flags.Switch("renumber"))
            throw new UsageException("import takes -labels FILE or -renumber");
        (int width, int height) = flags.IsGiven("resize") ? flags.Size("resize") : (0, 0);
        string database = Path.TrimEndingDirectorySeparator(flags.Text("out"));
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
            Exclude = flags.IsGiven("exclude") ? flags.Text("exclude") : null,
            LabelMap = flags.IsGiven("labels") ? flags.Text("labels") : null,
            Overwrite = flags.Switch("overwrite"),
            Logger = log,
        };
        using ImportSource source = ImportSource.Open(flags.Arguments(Source), flags.IsGiven("root")
            ? flags.Text("root") : null, log);
        ImportOutcome? outcome;
        using (ProgressCount progress = new("import", source.Items.Count, log))
            outcome = new ImportRun(options).Run(source, database, progress.Report);
        if (outcome is null)
        {
            Console.Error.WriteLine($"{database} is there already, made from the same source in the same way");
            return;
        }
        Print(database, source, options, outcome);
        int unreadable = Count(outcome, ImportProblem.Unreadable);
        if (unreadable > 0)
            throw new IncompleteException($"{unreadable} of {source.Items.Count + source.Faults.Count} pictures "
                + "could not be read: "
                + $"{database}{ImportRun.SkippedEnding} says why");
    }

    private static void Print(string database, ImportSource source, ImportOptions options, ImportOutcome outcome)
    {
        string earlier = outcome.Earlier > 0 ? $"; {outcome.Earlier} pictures had been gone through before" : "";
        Say($"{database}: {outcome.Images} pictures of {outcome.People} people, labels {outcome.FirstLabel} to "
            + $"{outcome.Labels - 1} (num_output: "
            + $"{outcome.Labels}){earlier}");
        PrintLabels(database, source, options, outcome);
        if (outcome.EncodedAnew.Count > 0)
            Say($"{outcome.EncodedAnew.Sum(reason => reason.Images)} pictures are not stored as they are, but "
                + $"encoded anew ({options.Format}): "
                + string.Join(", ", outcome.EncodedAnew.Select(reason => $"{reason.Images} {reason.Reason}")));
        if (outcome.Excluded is { } excluded) PrintExcluded(source, options.Exclude!, excluded);
        PrintOtherFiles(database, source.PassedOver);
        if (NotIn.Any(problem => Count(outcome, problem) > 0))
            Say($"not in it: {Count(outcome, ImportProblem.Unreadable)} unreadable, "
                + $"{Count(outcome, ImportProblem.Duplicate)} duplicates, "
                + $"{Count(outcome, ImportProblem.Contradiction)} the same as one of somebody else, "
                + $"{Count(outcome, ImportProblem.FewImages)} of people with few pictures "
                + $"({database}{ImportRun.SkippedEnding})");
        if (outcome.Absent > 0)
            Say($"{outcome.Absent} people have a label and no picture that could be put in: 0 in "
                + $"{database}{ImportRun.LabelsEnding}");
        if (outcome.Sizes is [var first, var second, ..])
            Say($"pictures have {outcome.Sizes.Count} sizes ({first.Size}: {first.Images}, {second.Size}: "
                + $"{second.Images}{(outcome.Sizes.Count > 2 ? ", …" : "")}): "
                + "a Data layer needs one, or a crop_size (and force_color or force_gray where the channels "
                + "differ); -resize brings them to one");
    }

    private static void PrintLabels(string database, ImportSource source, ImportOptions options, ImportOutcome outcome)
    {
        if (outcome.Unused > outcome.Absent)
        {
            string remedy = source.IsNumbered && options.LabelMap is null
                ? $"; -renumber numbers the {outcome.People} people from 0 (num_output: {outcome.People})"
                : "";
            Say(string.Create(CultureInfo.InvariantCulture,
                $"{outcome.Unused:N0} of the {outcome.Labels:N0} labels from 0 on are nobody's: ")
                + $"no picture trains their rows of the last layer{remedy}");
        }
        else if (source.IsNumbered && options.Renumber)
        {
            Say($"people are numbered from 0: {database}{ImportRun.LabelsEnding} has the new label of each, and the "
                + "source's behind it");
        }
    }

    private static void PrintExcluded(ImportSource source, string file, ExcludedCounts excluded)
    {
        Say($"left out by {file}: {excluded.People} people with {excluded.PicturesOfPeople} pictures, and "
            + $"{excluded.Pictures} pictures of others");
        if (excluded.Unused is not [var first, ..]) return;
        string shown = string.Join(", ",
            excluded.Unused.Take(NamesShown).Select(name => $"'{name.Name}' (line {name.Line})"));
        Say($"{excluded.Unused.Count} names of {file} are of nobody and no picture: "
            + $"{shown}{(excluded.Unused.Count > NamesShown ? ", …" : "")}; "
            + $"the source has the person '{source.Items[0].Identity}' and the picture '{source.Items[0].Name}'");
    }

    private static void PrintOtherFiles(string database, IReadOnlyList<string> files)
    {
        string[] pictures = [.. files.Where(OtherPictures.Is)];
        IEnumerable<string> kinds = pictures.CountBy(Extension).OrderBy(kind => kind.Key)
            .Select(kind => $"{kind.Value} {kind.Key}");
        if (pictures.Length > 0)
            Say($"not imported: {string.Join(", ", kinds)} "
                + $"({string.Join(", ", pictures.Take(NamesShown))}{(pictures.Length > NamesShown ? ", …" : "")}): "
                + $"{OtherPictures.Reason} "
                + $"({database}{ImportRun.SkippedEnding})");
        if (files.Count > pictures.Length) Say($"{files.Count - pictures.Length} files of the source are no pictures");
    }

    private static string Extension(string file) => Path.GetExtension(file).ToLowerInvariant();

    private static void Say(string line) => Console.Error.WriteLine(line);

    private static int Count(ImportOutcome outcome, ImportProblem problem) =>
        outcome.Skipped.Count(skip => skip.Problem == problem);
}
