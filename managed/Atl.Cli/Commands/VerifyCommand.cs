using System.Globalization;
using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Face;
using Atl.Face.Extraction;
using Atl.Face.Runs;
using Atl.Face.Verification;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Cli.Commands;

/// <summary>verify: how well features verify that two images show one identity.</summary>
internal sealed class VerifyCommand : Command
{
    private const string Input = "FEATURES";

    // Issues of features and pairs that could not be taken; the others were scored as given.
    private static readonly string[] NotTaken = ["absent_features", "not_finite_features", "zero_features",
        "unscored_pairs"];

    public override string Name => "verify";

    public override string Summary => "measure face verification (1:1): accuracy, ROC, TAR@FAR";

    public override IReadOnlyList<Argument> Arguments =>
        [new(Input, "extracted features: .npy, .npz, .csv, HDF5, or an LMDB or LevelDB folder, with one row or record "
            + "per image")];

    public override IReadOnlyList<Flag> Flags =>
    [
        new("pairs", FlagKind.Text, "LFW's pairs.txt, or lines of two names, 0 or 1, and optionally a fold",
            "FILE"),
        new("all", FlagKind.Switch, "compare all pairs of images"),
        FeatureFlags.Names,
        FeatureFlags.Labels,
        FeatureFlags.Identity,
        FeatureFlags.Array,
        new("far", FlagKind.Text, "the false accept rates", "a,b,...") { Default = "0.1,0.01,0.001,1e-4,1e-5,1e-6" },
        new("folds", FlagKind.Integer, "number of folds for pairs without folds", "N") { Default = "10" },
        new("insightface", FlagKind.Switch,
            "also measure the accuracy by insightface's protocol: squared distances, thresholds 0 to 4 by 0.01, -folds "
                + "folds in list order"),
        new("add_halves", FlagKind.Switch,
            "with -insightface: add the halves of features (extract -mirror concat), as in its flip sum; sums and "
                + "means need no flag"),
        new("bootstrap", FlagKind.Integer, "bootstrap samples for confidence intervals; 0 for none",
            "N") { Default = "400" },
        new("level", FlagKind.Integer, "confidence level in percent", "N") { Default = "95" },
        new("seed", FlagKind.Integer, "random seed of the bootstrap samples and of the folds of -all",
            "N") { Default = "1" },
        new("hardest", FlagKind.Integer, "number of hardest pairs of each kind in -json",
            "N") { Default = "20" },
        new("json", FlagKind.Text, "write everything as JSON (docs/faces.md)", "FILE"),
        new("roc", FlagKind.Text, "write the ROC's corners as CSV: far,tar,threshold", "FILE"),
        new("threshold", FlagKind.Text,
            "write the similarity above which two faces are of one identity, for FaceRecognizer of the library "
                + "(docs/face-recognition.md); the features must be those of extract", "FILE"),
        new("threshold_at", FlagKind.Text,
            "what to choose it for: a false accept rate, the equal error rate, or the best accuracy",
            "FAR|eer|accuracy") { Default = "0.001" },
        new("run", FlagKind.Text,
            "store the verification in a run's folder, for the HTML report of atl report and train -report", "RUN_DIR"),
        new("as", FlagKind.Text,
            "its name there; default: the features' name and the list's, or all", "NAME"),
        ImageFlags.MaxPixels,
        new("images", FlagKind.List,
            "with -run: the source of the features (IMAGES of atl extract), for images of the hardest pairs; not "
                + "needed if the names are paths. Repeatable", "PLACE"),
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
    [
        ("LFW's protocol", "atl verify lfw.npy -names lfw.txt -pairs pairs.txt"),
        ("insightface's set and protocol", "atl verify agedb_30.npy -pairs agedb_30.pairs.txt -insightface"),
        ("all pairs of a tree with one folder per identity",
            "atl verify faces.npy -names faces.txt -all -json faces.json -roc faces.csv"),
        ("the threshold for FaceRecognizer of the library",
            "atl verify lfw.npy -pairs pairs.txt -threshold threshold.json -threshold_at eer"),
        ("add to the HTML report of a run, with images",
            "atl verify lfw.npy -pairs pairs.txt -run face_run -images lfw_aligned/"),
    ];

    public override void Run(FlagValues flags, GlogLogger log)
    {
        bool all = flags.Switch("all");
        if (all == flags.IsGiven("pairs")) throw new UsageException("verify takes -pairs FILE or -all");
        VerificationOptions options = new() { Rates = FeatureFlags.Rates(flags, "far"), Bootstrap = Bootstrap(flags) };
        if (all && flags.Switch("insightface")) throw new UsageException("-insightface requires -pairs FILE");
        if (flags.Switch("add_halves") && !flags.Switch("insightface"))
            throw new UsageException("-add_halves requires -insightface");
        int folds = AtLeast(flags, "folds", 1), hardest = AtLeast(flags, "hardest", 0);
        (ThresholdMeasure measure, double far) = MeasureOf(flags);
        if (!flags.IsGiven("run") && (flags.IsGiven("as") || flags.IsGiven("images")))
            throw new UsageException("-as and -images go with -run RUN_DIR");
        using ImageSource? images = flags.IsGiven("images") ? ImageSource.Open(flags.List("images"), log) : null;
        FeatureInput input = FeatureFlags.Read(flags.Argument(Input), flags.Text("names"), flags.Text("labels"), flags,
            log);
        FeatureRecipe? recipe = flags.IsGiven("threshold") ? RecipeOf(input) : null;
        if (flags.Switch("insightface"))
            options = options with { InsightfaceFolds = folds, AddHalves = flags.Switch("add_halves") };
        PairFile? pairs = all ? null : PairFile.Read(flags.Text("pairs"), input.Names, input.Identities, folds);
        VerificationRecorder recorder;
        FaceThreshold? threshold = null;
        VerificationRecord record;
        try
        {
            recorder = pairs is null
                ? VerificationRecorder.OfAllPairs(input.Features, input.Source, input.Names, input.People(), options,
                    folds, (ulong)flags.Integer("seed"), hardest)
                : ComparePairs(input, pairs, options, hardest);
            record = recorder.Record(projection: flags.IsGiven("json") || flags.IsGiven("run"));
            if (recipe is not null)
                threshold = FaceThreshold.Choose(record, recorder.Result.Roc, recipe, measure, far);
        }
        catch (MeasureException e)
        {
            IssueLines.Write([.. OddOf(input, pairs), .. input.Issues], Console.Error);
            throw new AtlException($"{pairs?.File ?? input.Source.Path}: {e.Message}", e);
        }
        record = record with { Issues = [.. record.Issues, .. input.Issues] };
        if (flags.Text("json") is { Length: > 0 } json) record.Write(json);
        if (flags.Text("roc") is { Length: > 0 } roc) WriteRoc(roc, recorder.Result.Roc);
        threshold?.Write(flags.Text("threshold"));
        Print(record, Console.Out);
        if (flags.Text("run") is { Length: > 0 } run) Keep(run, recorder, record, flags, images, log);
        IssueLines.Write(record.Issues, Console.Error);
        if (record.Issues.Where(issue => NotTaken.Contains(issue.Kind)).ToArray() is { Length: > 0 } lost)
            throw new IncompleteException($"not everything could be compared: "
                + $"{string.Join("; ", lost.Select(issue => $"{issue.What} ({issue.Count})"))}");
    }

    private static (ThresholdMeasure Measure, double Far) MeasureOf(FlagValues flags)
    {
        if (flags.IsGiven("threshold_at") && !flags.IsGiven("threshold"))
            throw new UsageException("-threshold_at requires -threshold FILE");
        return flags.Text("threshold_at") switch
        {
            "eer" => (ThresholdMeasure.EqualErrorRate, 0),
            "accuracy" => (ThresholdMeasure.Accuracy, 0),
            var rate => double.TryParse(rate, NumberStyles.Float, CultureInfo.InvariantCulture, out double far)
                && far is > 0 and <= 1
                ? (ThresholdMeasure.FalseAcceptRate, far)
                : throw new UsageException(
                    $"flag '-threshold_at' is '{rate}', expected a rate above 0 and up to 1, eer "
                    + "or accuracy"),
        };
    }

    // A threshold holds for what it was measured on, and for nothing else.
    private static FeatureRecipe RecipeOf(FeatureInput input)
    {
        string features = input.Source.Path;
        FeatureRecipe recipe = FeatureRecipe.Read(features);
        if (recipe.Columns != input.Features.Columns)
            throw new AtlException($"{FeatureRecipe.FileOf(features)}: tells of features of {recipe.Columns} values, "
                + $"found {input.Features.Columns} in {features}; extract them again");
        if (recipe.Alignment is null)
            throw new AtlException(
                $"{FeatureRecipe.FileOf(features)}: does not tell how the faces were aligned; extract "
                + "them from a folder of atl align, or with -alignment TEXT");
        return recipe;
    }

    private static VerificationRecorder ComparePairs(FeatureInput input, PairFile pairs, VerificationOptions options,
        int hardest)
    {
        IReadOnlyList<string>? identities = input.Identities ?? (pairs.IsLfw ? LfwIdentities(input.Names) : null);
        int[]? labels = identities is null ? null : Identities.Number(identities);
        return new VerificationRecorder
        {
            Result = VerificationResult.Compute(input.Features.WithAbsent(pairs.Absent.Count), pairs.List,
                options with { Labels = labels }),
            Features = input.Source,
            Names = input.Names,
            Pairs = pairs,
            Identities = identities,
            Hardest = hardest,
        };
    }

    // What is odd about features and pairs says why a measure cannot be taken of them.
    private static IEnumerable<IssueRecord> OddOf(FeatureInput input, PairFile? pairs)
    {
        PairList list = pairs?.List ?? new PairList([], 1);
        FeatureMatrix features = input.Features.WithAbsent(pairs?.Absent.Count ?? 0);
        return new IssueRecords(input.Names, pairs).Of(list.Check(features), list)
            .Where(issue => pairs is not null || issue.Unit == "image");
    }

    // LFW's names tell who it is; features of other images beside them may not.
    private static string[]? LfwIdentities(ImageNames names)
    {
        try
        {
            return Identities.ByLfwName(names);
        }
        catch (AtlException)
        {
            return null;
        }
    }

    private static BootstrapOptions? Bootstrap(FlagValues flags)
    {
        int samples = AtLeast(flags, "bootstrap", 0), level = flags.Integer("level");
        if (samples == 1 || level is < 1 or > 99)
            throw new UsageException("confidence intervals take -bootstrap 0 or at least 2, and -level from 1 to 99");
        return samples == 0 ? null
            : new BootstrapOptions { Replicates = samples, Level = level / 100.0, Seed = (ulong)flags.Integer("seed") };
    }

    private static int AtLeast(FlagValues flags, string name, int least) =>
        flags.Integer(name) is var value && value >= least
        ? value
        : throw new UsageException($"flag '-{name}' is '{value}', expected {least} or more");

    private static void WriteRoc(string file, ScoreDistribution scores) => AtomicFile.Write(file, stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true);
        writer.WriteLine("far,tar,threshold");
        foreach (RocPoint point in RocCurve.Corners(scores))
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{point.Far:R},{point.Tar:R},{point.Threshold:R}"));
    });

    private static void Keep(string run, VerificationRecorder recorder, VerificationRecord record, FlagValues flags,
        ImageSource? images, ILogger log)
    {
        RunVerifications folder = new(run);
        string pairs = record.Pairs.Path is { } path ? Path.GetFileNameWithoutExtension(path) : "all";
        string features = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(record.Features.Path));
        string name = flags.IsGiven("as") ? flags.Text("as") : $"{features}-{pairs}";
        if (!flags.IsGiven("as") && File.Exists(folder.FileOf(name))
            && RunVerification.Read(folder.FileOf(name)).Record is var earlier
            && (Full(earlier.Features.Path) != Full(record.Features.Path)
                || Full(earlier.Pairs.Path) != Full(record.Pairs.Path)))
        {
            string other = $"{earlier.Features.Path} by {earlier.Pairs.Path ?? "all pairs"}";
            throw new AtlException($"{folder.FileOf(name)}: is the verification of {other}, expected a name of its "
                + "own for this one: -as NAME");
        }
        List<string> notes = [];
        RunVerification kept = RunVerification.Of(name, record, ProtocolDigest.Of(recorder),
            names => ImageThumbnails.Find(names, images, notes.Add, log));
        string file = folder.Add(kept);
        if (notes.Count > 0)
            Console.Error.WriteLine($"missing: {Amount.Of(notes.Count, "image")} of the hardest pairs; {notes[0]}");
        Console.Error.WriteLine($"{file}: {Amount.Of(kept.Thumbnails.Count, "image")}; atl report {run} writes the HTML report");

        static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);
    }

    private static void Print(VerificationRecord record, TextWriter output)
    {
        PairSource pairs = record.Pairs;
        string names = record.Features.Names is { } file ? $"names in {file}" : "rows numbered from 0";
        string size = $"{Amount.Of(record.Features.Rows, "feature", "N0")} of "
            + Amount.Of(record.Features.Columns, "value", "N0");
        output.WriteLine($"{record.Features.Path}: {size}, {names}");
        string what = pairs.Path is null ? "all pairs" : pairs.Kind == "lfw" ? $"{pairs.Path} (LFW's format)"
            : pairs.Path;
        string people = pairs.Identities is { } known ? $" of {Amount.Of(known, "identity", "N0")}" : "";
        string scored = Text($"{pairs.Genuine:N0} genuine and {pairs.Impostor:N0} impostor pairs scored");
        output.WriteLine($"{what}{people}: {scored}, {Text($"{pairs.Unscored:N0}")} not");
        output.WriteLine();
        string interval = record.Intervals is { } drawn ? Text($"{100 * drawn.Level:0} % interval") : "interval";
        TextTable table = new("measure", ">value", ">" + interval, ">threshold");
        if (record.Accuracy is { } accuracy)
            table.Add(
                $"{accuracy.Folds.Count}-fold accuracy",
                Text($"{Percent(accuracy.Mean)} ± {100 * accuracy.StandardDeviation:F2}"), "",
                Text($"{accuracy.Folds.Average(fold => fold.Threshold):F4}"));
        else
            table.Add("accuracy over folds", "needs two folds", "", "");
        if (record.Insightface is { } other)
            table.Add(
                $"{other.Folds.Count}-fold accuracy of insightface",
                Text($"{Percent(other.Mean)} ± {100 * other.StandardDeviation:F2}"), "",
                Text($"{other.Folds.Average(fold => fold.Threshold):F4}"));
        table.Add("area under ROC", Text($"{record.Auc:F6}"), record.Intervals?.Auc is { } auc
            ? Text($"{auc.Lower:F6} … {auc.Upper:F6}") : "", "");
        table.Add("equal error rate", Percent(record.EqualErrorRate), Interval(record.Intervals?.EqualErrorRate),
            Text($"{record.EqualErrorThreshold:F4}"));
        foreach (TarAtFar tar in record.TarAtFar)
            table.Add(
                Text($"TAR@FAR={tar.Far:0.#########}"), tar.Tar is { } rate ? Percent(rate)
                : Text($"needs {tar.NeededPairs:N0} impostor pairs"),
                Interval(tar.Interval),
                tar.Threshold is { } threshold ? Text($"{threshold:F4}") : "");
        string withoutFisher = pairs.Identities is null ? "needs identities" : "needs two identities";
        table.Add("angular Fisher score", record.AngularFisher is { } fisher ? Text($"{fisher:F4}")
            : withoutFisher, "", "");
        table.Write(output);
        if (record.Intervals is { } intervals)
            output.WriteLine($"Intervals are of {intervals.Replicates} samples of {intervals.Unit}; ± is the "
                + "standard deviation over folds.");
    }

    private static string Interval(ConfidenceInterval? interval) => interval is { } known
        ? Text($"{100 * known.Lower:F2} … {100 * known.Upper:F2} %") : "";

    private static string Percent(double share) => Text($"{100 * share:F2} %");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
