using System.Globalization;
using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Data;
using Atl.Face.Alignment;
using Atl.Face.Extraction;
using Atl.Proto;

namespace Atl.Cli.Commands;

/// <summary>extract: features of images.</summary>
internal sealed class ExtractCommand : Command
{
    private const string Images = "IMAGES";

    public override string Name => "extract";

    public override string Summary => "extract one feature row per image, with a file of names";

    public override IReadOnlyList<Argument> Arguments =>
        [new(Images, "images, folders and lists of paths; or one LMDB or LevelDB folder, or one insightface "
            + "verification set (.bin)") { Repeated = true }];

    public override IReadOnlyList<Flag> Flags =>
    [
        CommonOptions.Model,
        CommonOptions.Weights with { Required = true },
        CommonOptions.AllowMissingWeights,
        new("out", FlagKind.Text,
            "the output: .npy, .npz, .csv, .h5 or .hdf5; a name without an ending is an LMDB folder",
            "FILE") { Required = true },
        new("overwrite", FlagKind.Switch, "replace existing features of this name"),
        new("blob", FlagKind.Text, "the feature blob; default: the net's output",
            "NAME"),
        new("mirror", FlagKind.Text,
            "the mirrored image's feature: ignore it, append it (SphereFace's protocol), or take the mean or the sum "
                + "of both (insightface's)",
            "none|concat|average|sum")
        {
            Default = "none",
            Choices = ["none", "concat", "average", "sum"],
        },
        new("fit", FlagKind.Text, "require images of the net's input size, resize them, or crop their center",
            "exact|resize|crop")
        {
            Default = "exact",
            Choices = ["exact", "resize", "crop"],
        },
        new("mean_value", FlagKind.Text,
            "subtract from pixels: one value, or one per channel in the order blue, green, red", "V[,V,V]")
        {
            Default = "127.5",
        },
        new("mean_file", FlagKind.Text, "subtract a mean image (binaryproto) instead of -mean_value",
            "FILE"),
        new("scale", FlagKind.Text, "multiply the pixels by this after the mean is subtracted",
            "S") { Default = "0.0078125" },
        new("alignment", FlagKind.Text,
            "how the faces were aligned, if no alignment.txt of atl align says so: for atl verify -threshold", "TEXT"),
        new("batch", FlagKind.Integer, "images per batch", "N") { Default = "64" },
        GpuOptions.Gpu,
        GpuOptions.Memory,
        ImageFlags.MaxPixels,
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
    [
        ("aligned faces, SphereFace's protocol",
            "atl extract lfw_aligned/ -model sphereface_deploy.prototxt -weights sphereface.caffemodel -blob fc5 "
                + "-mirror concat -out lfw.npy"),
        ("an insightface verification set: lfw.pairs.txt is its list of pairs",
            "atl extract cfp_fp.bin -model deploy.prototxt -weights F.caffemodel -mirror sum -out cfp_fp.npy"),
    ];

    public override bool IsQuiet => true;

    public override void Run(FlagValues flags, GlogLogger log)
    {
        if (flags.IsGiven("mean_value") && flags.IsGiven("mean_file"))
            throw new UsageException("extract takes -mean_value or -mean_file");
        if (flags.Integer("batch") < 1)
            throw new UsageException($"flag '-batch' is '{flags.Text("batch")}', expected 1 or more");
        ExtractionOptions options = new()
        {
            Blob = flags.IsGiven("blob") ? flags.Text("blob") : null,
            Mirror = Enum.Parse<MirrorFeatures>(flags.Text("mirror"), ignoreCase: true),
            Fit = Enum.Parse<ImageFit>(flags.Text("fit"), ignoreCase: true),
            Batch = flags.Integer("batch"),
            Transform = Transform(flags),
            Device = GpuOptions.Device(flags, log),
            Logger = log,
            AllowMissingWeights = flags.Switch("allow_missing_weights"),
        };
        NetParameter deploy = ProtoFiles.ReadNet(flags.Text("model"), CommonOptions.TextFormat(flags, log));
        string output = flags.Text("out"), format = FeatureFile.FormatOf(output);
        string names = FeatureNames.FileOf(output);
        if (flags.Arguments(Images)
            .FirstOrDefault(place => Path.GetFullPath(place) == Path.GetFullPath(names)) is { } list)
            throw new AtlException($"{list}: the names of the features in {output} would be written over this list, "
                + "expected another name for either");
        if (flags.Arguments(Images).Any(place => Full(place) == Full(output)))
            throw new AtlException($"{output}: the features would be written over the images, expected another name");
        bool overwrite = flags.Switch("overwrite");
        if (!overwrite && FeatureFile.IsThere(output, format))
            throw new AtlException(
                $"{output}: features of this name are there already, expected a new name, or -overwrite "
                + "to replace them");
        using ImageSource source = ImageSource.Open(flags.Arguments(Images), log);
        string pairs = FeatureNames.PairsOf(output);
        if (!overwrite && source.PairLines.Any() && File.Exists(pairs))
            throw new AtlException(
                $"{pairs}: the pairs would be written over this file, expected another -out, or -overwrite to "
                    + "replace it");
        FeatureNames.CheckUnused(output, () => ImageSource.Open(flags.Arguments(Images), log), overwrite);
        string? alignment = flags.IsGiven("alignment")
            ? AlignmentDescription.Parse(flags.Text("alignment")).Description
            : AlignmentDescription.Of(flags.Arguments(Images));
        using FaceExtractor extractor = new(deploy, CommonOptions.WeightsFiles(flags, log), options);
        string[] weights = CommonOptions.WeightsPaths(flags);
        // A pipe is read once, so nobody could tell later what came through it.
        FeatureRecipe? recipe = weights.Append(flags.Text("model")).All(file => PathKinds.Of(file) == PathKind.File)
            ? FeatureRecipe.Of(extractor, flags.Text("model"), weights, alignment) : null;
        ExtractionOutcome outcome;
        using (ProgressCount progress = new("extract", source.Count, log))
            outcome = new ExtractionRun(extractor) { Recipe = recipe }
                .Run(source, output, format, overwrite, progress.Report);
        Console.Error.WriteLine(
            $"{output}: {Amount.Of(outcome.Rows, "feature")} of {Amount.Of(extractor.Columns, "value")}, "
            + $"names in {names}");
        if (source.PairLines.Any()) Console.Error.WriteLine($"{pairs}: the pairs, for atl verify -pairs");
        if (source.PassedOver > 0)
            Console.Error.WriteLine($"ignored: {Amount.Of(source.PassedOver, "file")} without an image extension");
        foreach (string line in outcome.Oddities.Lines("image")) Console.Error.WriteLine(line);
        if (outcome.Failed.Count > 0)
            throw new IncompleteException(
                $"{outcome.Failed.Count} of {Amount.Of(outcome.Rows + outcome.Failed.Count, "image")} without a "
                    + "feature: "
                    + $"{output}{ExtractionRun.FailedEnding} says why");
    }

    private static string Full(string path) => Path.GetFullPath(Path.TrimEndingDirectorySeparator(path));

    private static TransformationParameter Transform(FlagValues flags)
    {
        TransformationParameter transform = new() { Scale = Number(flags, "scale", flags.Text("scale")) };
        if (flags.IsGiven("mean_file")) transform.MeanFile = flags.Text("mean_file");
        else transform.MeanValue.Add(flags.Parts("mean_value").Select(part => Number(flags, "mean_value", part)));
        return transform;
    }

    private static float Number(FlagValues flags, string flag, string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float number)
        && float.IsFinite(number)
            ? number
            : throw new UsageException($"flag '-{flag}' is '{flags.Text(flag)}', expected numbers");
}
