using Atl.Proto;
using System.Globalization;
using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Face.Import;

namespace Atl.Cli.Commands;

/// <summary>import: images of known identities go into a database to train on.</summary>
internal sealed class ImportCommand : Command
{
    private const string Source = "SOURCE";
    private const int NamesShown = 5;

    private static readonly ImportProblem[] NotIn =
        [ImportProblem.Unreadable, ImportProblem.Duplicate, ImportProblem.Contradiction, ImportProblem.FewImages];

    public override string Name => "import";

    public override string Summary => "import labeled faces into an LMDB for training";

    public override IReadOnlyList<Argument> Arguments =>
        [new(Source, "a folder with one folder per identity, a list of paths and labels (or names), a .rec file, or "
            + ".tar archives") { Repeated = true }];

    public override IReadOnlyList<Flag> Flags =>
    [
        new("out", FlagKind.Text, "the LMDB", "DB") { Required = true },
        new("root", FlagKind.Text, "the base folder of a list's paths", "DIR"),
        new("order", FlagKind.Text, "random order, round-robin over identities, or source order",
            "shuffled|balanced|kept")
        {
            Default = "shuffled",
            Choices = ["shuffled", "balanced", "kept"],
        },
        new("seed", FlagKind.Integer, "random seed of the order", "N") { Default = "1" },
        new("raw", FlagKind.Switch, "store pixels instead of encoded images"),
        new("gray", FlagKind.Switch, "convert images to gray"),
        new("resize", FlagKind.Text, "resize images", "WxH"),
        new("format", FlagKind.Text,
            "encoding of images that are resized, converted to gray, or that a Data layer could not use as stored; "
                + "others keep their bytes", "png|jpg")
        {
            Default = "png",
            Choices = ["png", "jpg"],
        },
        new("min_images", FlagKind.Integer, "skip identities with fewer images", "N") { Default = "1" },
        new("labels", FlagKind.Text,
            "take labels from a file of lines LABEL, tab, NAME; an identity that is not in it is an error", "FILE"),
        new("renumber", FlagKind.Switch,
            "renumber identities from 0 if the source gives labels; DB.labels.tsv has the source's labels after the "
                + "new ones"),
        new("exclude", FlagKind.Text, "skip identities or images: a file with one name per line", "FILE"),
        new("keep_duplicates", FlagKind.Switch, "keep images with the same bytes as an earlier one"),
        ImageFlags.MaxPixels,
        new("overwrite", FlagKind.Switch, "replace a database, or start over after an interrupted run"),
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
    [
        ("aligned faces, one folder per identity", "atl import casia_aligned/ -out casia_lmdb"),
        ("an insightface data set, as pixels", "atl import faces_emore/train.rec -raw -out emore_lmdb"),
    ];

    public override bool IsQuiet => true;

    public override void Run(FlagValues flags, GlogLogger log)
    {
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
            Console.Error.WriteLine($"{database} exists already, imported from the same source with the same options");
            return;
        }
        Print(database, source, options, outcome);
        int unreadable = Count(outcome, ImportProblem.Unreadable);
        if (unreadable > 0)
            throw new IncompleteException($"{unreadable} of {source.Items.Count + source.Faults.Count} images could "
                + $"not be read: {database}{ImportRun.SkippedEnding} says why");
    }

    private static void Print(string database, ImportSource source, ImportOptions options, ImportOutcome outcome)
    {
        string earlier = outcome.Earlier > 0 ? $"; {Amount.Of(outcome.Earlier, "image")} already processed" : "";
        Say($"{database}: {Amount.Of(outcome.Images, "image")} of {Amount.Of(outcome.People, "identity")}, labels "
            + $"{outcome.FirstLabel} to "
            + $"{outcome.Labels - 1} (num_output: {outcome.Labels}){earlier}");
        PrintLabels(database, source, options, outcome);
        if (outcome.EncodedAnew.Count > 0)
            Say($"{Amount.Of(outcome.EncodedAnew.Sum(reason => reason.Images), "image")} not stored byte for byte, but "
                + $"re-encoded ({options.Format}): "
                + string.Join(", ", outcome.EncodedAnew.Select(reason => $"{reason.Images} {reason.Reason}")));
        if (outcome.Excluded is { } excluded) PrintExcluded(source, options.Exclude!, excluded);
        PrintOtherFiles(database, source.PassedOver);
        if (NotIn.Any(problem => Count(outcome, problem) > 0))
            Say($"skipped: {Count(outcome, ImportProblem.Unreadable)} unreadable, "
                + $"{Count(outcome, ImportProblem.Duplicate)} duplicates, "
                + $"{Count(outcome, ImportProblem.Contradiction)} the same as one of another identity, "
                + $"{Count(outcome, ImportProblem.FewImages)} of identities with few images "
                + $"({database}{ImportRun.SkippedEnding})");
        if (outcome.Absent > 0)
            Say($"{Amount.Of(outcome.Absent, "identity")} with a label but no usable image: 0 in "
                + $"{database}{ImportRun.LabelsEnding}");
        if (outcome.Sizes is [var first, var second, ..])
            Say($"images have {outcome.Sizes.Count} sizes ({first.Size}: {first.Images}, {second.Size}: "
                + $"{second.Images}{(outcome.Sizes.Count > 2 ? ", …" : "")}): a Data layer needs one, or a crop_size "
                + "(and force_color or force_gray if the channels differ); -resize gives them one size");
    }

    private static void PrintLabels(string database, ImportSource source, ImportOptions options, ImportOutcome outcome)
    {
        if (outcome.Unused > outcome.Absent)
        {
            string remedy = source.IsNumbered && options.LabelMap is null
                ? $"; -renumber numbers the {Amount.Of(outcome.People, "identity")} from 0 (num_output: "
                    + $"{outcome.People})"
                : "";
            Say(string.Create(CultureInfo.InvariantCulture,
                $"{outcome.Unused:N0} of the {outcome.Labels:N0} labels from 0 on are unused: ")
                + $"no image trains their rows of the last layer{remedy}");
        }
        else if (source.IsNumbered && options.Renumber)
        {
            Say($"identities are numbered from 0: {database}{ImportRun.LabelsEnding} has the new label of each, and "
                + "the source's after it");
        }
    }

    private static void PrintExcluded(ImportSource source, string file, ExcludedCounts excluded)
    {
        Say($"excluded by {file}: {Amount.Of(excluded.People, "identity")} with "
            + $"{Amount.Of(excluded.ImagesOfIdentities, "image")}, and "
            + $"{Amount.Of(excluded.Images, "image")} of others");
        if (excluded.Unused is not [var first, ..]) return;
        string shown = string.Join(", ",
            excluded.Unused.Take(NamesShown).Select(name => $"'{name.Name}' (line {name.Line})"));
        Say($"{Amount.Of(excluded.Unused.Count, "name")} of {file} without an identity or image: "
            + $"{shown}{(excluded.Unused.Count > NamesShown ? ", …" : "")}; the source has the identity "
            + $"'{source.Items[0].Identity}' and the image '{source.Items[0].Name}'");
    }

    private static void PrintOtherFiles(string database, IReadOnlyList<string> files)
    {
        string[] pictures = [.. files.Where(OtherImages.Is)];
        IEnumerable<string> kinds = pictures.CountBy(Extension).OrderBy(kind => kind.Key)
            .Select(kind => $"{kind.Value} {kind.Key}");
        if (pictures.Length > 0)
            Say($"not imported: {string.Join(", ", kinds)} "
                + $"({string.Join(", ", pictures.Take(NamesShown))}{(pictures.Length > NamesShown ? ", …" : "")}): "
                + $"{OtherImages.Reason} "
                + $"({database}{ImportRun.SkippedEnding})");
        if (files.Count > pictures.Length)
            Say($"ignored: {Amount.Of(files.Count - pictures.Length, "file")} of the source without an image "
                + "extension");
    }

    private static string Extension(string file) => Path.GetExtension(file).ToLowerInvariant();

    private static void Say(string line) => Console.Error.WriteLine(line);

    private static int Count(ImportOutcome outcome, ImportProblem problem) =>
        outcome.Skipped.Count(skip => skip.Problem == problem);
}
