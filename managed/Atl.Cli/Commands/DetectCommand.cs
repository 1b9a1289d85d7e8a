using System.Collections.Concurrent;
using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Data;
using Atl.Face.Detection;
using Atl.Face.Faces;
using Atl.Logging;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Cli.Commands;

/// <summary>detect: faces and their five points in images.</summary>
internal sealed class DetectCommand : Command
{
    public override string Name => "detect";

    public override string Summary => "detect faces and five landmarks in images (MTCNN or RSA)";

    public override IReadOnlyList<Argument> Arguments =>
        [new("IMAGES", "images, folders of images, and lists (.txt) with one path per line") { Repeated = true }];

    public override IReadOnlyList<Flag> Flags =>
    [
        .. DetectorFlags.All,
        new("out", FlagKind.Text,
            "output file: FILE.jsonl (JSON lines) or FILE.csv; default: standard output", "FILE"),
        new("draw", FlagKind.Text, "write images with the detected faces drawn to this folder", "DIR"),
        GpuOptions.Gpu,
        GpuOptions.Memory,
        ImageFlags.MaxPixels,
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
        [("detect the faces of a folder, and draw them for inspection",
        "atl detect photos/ -models mtcnn/ -out faces.jsonl -draw drawn/")];

    public override bool IsQuiet => true;

    public override void Run(FlagValues flags, GlogLogger log)
    {
        string file = flags.Text("out"), draw = flags.Text("draw");
        bool csv = IsCsv(file);
        IReadOnlyList<ImageFile> images = [.. ImageFiles.Find(flags.Arguments("IMAGES"),
            out int passedOver, draw, log).DistinctBy(CropNames.Key)];
        using FaceDetectorModel detector = DetectorFlags.Load(flags, GpuOptions.Device(flags, log), log);
        using DetectionRun run = new(detector.CreateDetector, logger: log);
        CropNames? drawings = draw.Length > 0 ? new CropNames(images, draw, ".png") : null;
        List<string> faceless = [], unreadable = [];
        ConcurrentQueue<string> undrawn = [];
        int faces = 0;
        if (file.Length == 0)
        {
            Detect(Console.Out);
        }
        else
        {
            using OutputLock only = OutputLock.Take(file, "faces",
                note => log.Warning("detect_command.cpp", $"{note}"));
            // The file has its name when it is whole: half of the faces would be taken for all of them.
            AtomicFile.Write(file, stream =>
            {
                using StreamWriter output = new(stream, leaveOpen: true);
                Detect(output);
            });
        }
        foreach (string path in faceless) Console.Error.WriteLine($"no face: {path}");
        foreach (string error in unreadable) Console.Error.WriteLine($"unreadable: {error}");
        foreach (string error in undrawn) Console.Error.WriteLine($"not drawn: {error}");
        Console.Error.WriteLine(
            $"{Amount.Of(images.Count, "image")}, {Amount.Of(faces, "face")}; "
                + $"{Amount.Of(faceless.Count, "image")} without a face, {unreadable.Count} unreadable, "
                + $"{Amount.Of(passedOver, "other file")} ignored");
        if (drawings is not null)
        {
            PrintNames(drawings, images);
            FolderSync.FlushFileSystemOf(draw);
        }
        if (unreadable.Count > 0)
            throw new IncompleteException(
                $"{unreadable.Count} of {Amount.Of(images.Count, "image")} could not be read");
        if (!undrawn.IsEmpty)
            throw new IncompleteException($"{undrawn.Count} of {Amount.Of(images.Count, "image")} could not be drawn");

        void Detect(TextWriter output)
        {
            using IFaceWriter writer = csv ? FaceWriter.Csv(output) : FaceWriter.Json(output);
            using ProgressCount progress = new("detect", images.Count, log);
            int done = 0;
            Action<ImageFaces, Mat>? draws = drawings is null
                ? null : (found, image) => Draw(drawings, found, image, undrawn);
            foreach (ImageFaces found in run.Run(images, Environment.ProcessorCount, draws))
            {
                writer.Write(found);
                faces += found.Faces.Count;
                if (found.Error is not null) unreadable.Add(found.Error);
                else if (found.Faces.Count == 0) faceless.Add(found.Image.Path);
                progress.Report(++done);
                // Nobody will ever read the rest.
                if (file.Length == 0 && StandardWriter.Output.Fault is { IsFinal: true }) break;
            }
        }
    }

    private static void PrintNames(CropNames drawings, IReadOnlyList<ImageFile> images)
    {
        if (drawings.Kept is [var first, ..])
            Console.Error.WriteLine($"{Amount.Of(drawings.Kept.Count, "image name")} without a difference but the "
                + "extension, "
                + $"which the drawing keeps: {first.Name} is drawn as {first.Name}.png");
        foreach (ImageFile image in images)
            if (drawings.Fault(image) is { } fault) Console.Error.WriteLine($"not drawn: {image.Path}: {fault}");
    }

    // Whether the faces go into CSV; else they are JSON lines.
    private static bool IsCsv(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".csv" => true,
        "" or ".jsonl" or ".json" or ".ndjson" or ".txt" => false,
        var ending => throw new UsageException(
            $"flag '-out' is '{file}', and faces are not written as '{ending}'; expected .jsonl (JSON lines) or .csv"),
    };

    // An image that cannot be drawn costs no faces.
    private static void Draw(CropNames drawings, ImageFaces found, Mat image, ConcurrentQueue<string> undrawn)
    {
        if (drawings.Of(found.Image) is not { } file) return;
        try
        {
            using Mat drawn = FaceDrawing.Draw(image, found.Faces);
            SharedFile.Write(file, drawn.ImEncode(".png"), replace: true);
        }
        catch (Exception e) when (ItemFailure.IsOfItem(e))
        {
            undrawn.Enqueue($"{found.Image.Path}: {ItemFailure.Reason(e)}");
        }
    }
}
