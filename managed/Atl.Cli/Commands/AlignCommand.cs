using Atl.Proto;
using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Face.Alignment;
using Atl.Face.Detection;
using Atl.Face.Faces;

namespace Atl.Cli.Commands;

/// <summary>align: faces brought into a common position.</summary>
internal sealed class AlignCommand : Command
{
    private static readonly string[] Modes = ["wuxiang", "wuxiang-eyeline", "sphereface", "arcface"];

    public override string Name => "align";

    public override string Summary => "align faces by five landmarks";

    public override IReadOnlyList<Argument> Arguments =>
        [new("IMAGES", "images, folders and lists to detect faces in; none with -faces") { Optional = true,
            Repeated = true }];

    public override IReadOnlyList<Flag> Flags =>
    [
        new("faces", FlagKind.Text, "the output of detect, or lines of a path and ten numbers x1 y1 … x5 y5",
            "FILE"),
        new("out", FlagKind.Text, "the folder for the aligned images; it mirrors the tree of the originals",
            "DIR") { Required = true },
        new("mode", FlagKind.Text, "the alignment method", string.Join('|', Modes))
        {
            Default = Modes[0],
            Choices = Modes,
        },
        new("size", FlagKind.Text, "the size of the aligned images; default: 112x112, wuxiang-eyeline 128x128, "
            + "sphereface 96x112", "WxH"),
        new("ec_mc_y", FlagKind.Integer,
            "wuxiang: pixels from eye center to mouth center; default: 40, wuxiang-eyeline 48", "N"),
        new("ec_y", FlagKind.Integer, "wuxiang-eyeline: the row of the eye center", "N") { Default = "40" },
        new("one_based", FlagKind.Switch, "landmarks of -faces count pixels from 1, as MATLAB does"),
        new("choose", FlagKind.Text,
            "which of several faces to take: the largest box, the one nearest to the image's center, the highest "
                + "score, none (skip), or all as NAME_0, NAME_1 ...",
            "largest|center|best|skip|all")
        {
            Default = "largest",
            Choices = ["largest", "centre", "center", "best", "skip", "all"],
        },
        new("format", FlagKind.Text, "the format of the aligned images", "png|jpg")
        {
            Default = "png",
            Choices = ["png", "jpg"],
        },
        new("quality", FlagKind.Integer, "the quality of jpg, 0 to 100", "N") { Default = "95" },
        new("overwrite", FlagKind.Switch, "write existing images again"),
        .. DetectorFlags.All,
        GpuOptions.Gpu,
        GpuOptions.Memory,
        ImageFlags.MaxPixels,
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
    [
        ("align faces from a detect run", "atl align -faces faces.jsonl -mode wuxiang -out aligned/"),
        ("detect and align in one step", "atl align photos/ -models mtcnn/ -mode arcface -out arcface/"),
    ];

    public override bool IsQuiet => true;

    public override void Run(FlagValues flags, GlogLogger log)
    {
        bool known = flags.IsGiven("faces");
        if (known == DetectorFlags.AreGiven(flags) || known == (flags.Arguments("IMAGES").Count > 0))
            throw new UsageException("align takes -faces FILE, or images and -models DIR");
        AlignmentOptions options = new(Alignment(flags), flags.Text("out"))
        {
            Extension = "." + flags.Text("format"),
            Quality = flags.Integer("quality"),
            Choice = Choice(flags.Text("choose")),
            Overwrite = flags.Switch("overwrite"),
            Logger = log,
        };
        IReadOnlyList<ImageFaces> images = known
            ? Read(flags)
            : [.. ImageFiles.Find(flags.Arguments("IMAGES"), out _, options.Folder, log)
                .Select(image => new ImageFaces(image, 0, 0, []))];
        using FaceDetectorModel? detector = known
            ? null : DetectorFlags.Load(flags, GpuOptions.Device(flags, log), log);
        using DetectionRun? detection = detector is null ? null
            : new DetectionRun(detector.CreateDetector, logger: log);
        AlignmentOutcome outcome;
        using (ProgressCount progress = new("align", images.Count, log))
            outcome = new AlignmentRun(options).Run(images, detection, progress.Report);
        Print(outcome, options, images.Count - outcome.Repeated);
    }

    private static void Print(AlignmentOutcome outcome, AlignmentOptions options, int count)
    {
        string choice = options.Choice.ToString().ToLowerInvariant();
        string several = outcome.SeveralFaces > 0
            ? $"; of {Amount.Of(outcome.SeveralFaces, "image")} with several faces, one was chosen ({choice})" : "";
        if (options.Choice == FaceChoice.All) several = $"; {Amount.Of(outcome.Crops, "face image")} written";
        Console.Error.WriteLine(
            $"{Amount.Of(count, "image")}: {outcome.Aligned} aligned, {outcome.Skipped} there already, {outcome.Failed.Count} "
                + $"failed{several}");
        if (outcome.Repeated > 0) Console.Error.WriteLine(
            $"repeated lines: {outcome.Repeated}; a repeated image is aligned once");
        if (outcome.KeptExtensions is [var first, ..])
            Console.Error.WriteLine(
                $"{outcome.KeptExtensions.Count} image names differ from another one only in the extension, and keep "
                    + $"it: {first} becomes "
                    + $"{first}{options.Extension}{(outcome.KeptExtensions.Count > 1 ? ", …" : "")}");
        if (outcome.Failed.Count > 0)
            throw new IncompleteException(
                $"{outcome.Failed.Count} of {Amount.Of(count, "image")} could not be aligned: "
                    + $"{Path.Combine(options.Folder, AlignmentRun.FailedFile)} says why");
    }

    private static FaceChoice Choice(string word) => word == "center" ? FaceChoice.Centre
        : Enum.Parse<FaceChoice>(word, ignoreCase: true);

    private static FaceAlignment Alignment(FlagValues flags)
    {
        string mode = flags.Text("mode");
        (int width, int height) = flags.IsGiven("size") ? flags.Size("size") : mode switch
        {
            "wuxiang-eyeline" => (128, 128),
            "sphereface" => (96, 112),
            _ => (112, 112),
        };
        int? eyeMouth = flags.IsGiven("ec_mc_y") ? flags.Integer("ec_mc_y") : null;
        if (eyeMouth <= 0) throw new UsageException($"flag '-ec_mc_y' is '{eyeMouth}', expected a positive number");
        if (mode == "wuxiang-eyeline" && width != height)
            throw new UsageException($"flag '-size' is '{flags.Text("size")}', expected a square for wuxiang-eyeline");
        return mode switch
        {
            "wuxiang" => new WuXiangAlignment(width, height, eyeMouth ?? 40),
            "wuxiang-eyeline" => new WuXiangEyeLineAlignment(width, eyeMouth ?? 48, flags.Integer("ec_y")),
            "sphereface" => TemplateAlignment.SphereFace(width, height),
            _ => TemplateAlignment.ArcFace(width, height),
        };
    }

    private static IReadOnlyList<ImageFaces> Read(FlagValues flags)
    {
        IReadOnlyList<ImageFaces> images = FaceFile.Read(flags.Text("faces"));
        if (!flags.Switch("one_based")) return images;
        return
        [
            .. images.Select(image => image with
            {
                Faces = [.. image.Faces.Select(face => face
                    with { Landmarks = face.Landmarks.Map(point => point - System.Numerics.Vector2.One) })],
            }),
        ];
    }
}
