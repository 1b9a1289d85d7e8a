using System.Text;
using Atl.Data;
using Atl.Face.Detection;
using Atl.Face.Faces;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Face.Alignment;

/// <summary>
/// Aligns many images at once, each from reading to writing on one thread. An image is written under a temporary name and then renamed, so
/// that a run that was broken off goes on where it stopped; images that cannot be aligned are listed in failed.txt with the reason.
/// alignment.txt in the folder says how its images were aligned, so that no run goes on with images of another alignment.
/// </summary>
public sealed class AlignmentRun(AlignmentOptions options)
{
    /// <summary>The file that lists what failed; there is none where nothing did.</summary>
    public const string FailedFile = "failed.txt";

    /// <summary>The file that says how the images of the folder were aligned: <see cref="FaceAlignment.Description"/>.</summary>
    public const string AlignmentFile = "alignment.txt";

    private int _aligned, _skipped, _several;

    /// <summary>Aligns images.</summary>
    /// <param name="images">The images with their faces.</param>
    /// <param name="detection">Finds the faces in place of those given; null where they are known.</param>
    /// <param name="onDone">Called with the number of images done.</param>
    /// <exception cref="AtlException">
    /// Two images would become one file, the folder holds images that were aligned otherwise, or it cannot be written.
    /// </exception>
    public AlignmentOutcome Run(IReadOnlyList<ImageFaces> images, DetectionRun? detection = null, Action<int>? onDone = null)
    {
        string[] targets = Targets(images);
        Begin(targets);
        string?[] failures = new string?[images.Count];
        int done = 0;
        (_aligned, _skipped, _several) = (0, 0, 0);
        // The images keep the cores busy: OpenCV's threads would only fight with them.
        Cv2.SetNumThreads(1);
        Parallel.For(0, images.Count, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Workers) }, i =>
        {
            try
            {
                AlignOne(images[i], targets[i], detection);
            }
            catch (AtlException e)
            {
                failures[i] = e.Message;
            }
            onDone?.Invoke(Interlocked.Increment(ref done));
        });
        List<(string Name, string Reason)> failed = [];
        for (int i = 0; i < failures.Length; i++)
            if (failures[i] is { } reason)
                failed.Add((images[i].Image.Name, reason));
        WriteFailed(failed);
        return new AlignmentOutcome(_aligned, _skipped, failed, _several);
    }

    private void AlignOne(ImageFaces entry, string target, DetectionRun? detection)
    {
        if (!options.Overwrite && new FileInfo(target) is { Exists: true, Length: > 0 })
        {
            Interlocked.Increment(ref _skipped);
            return;
        }
        if (entry.Error is { } error) throw new AtlException(error);
        if (detection is null && entry.Faces.Count == 0) throw new AtlException("no face");
        using DecodedImage image = DecodedImage.FromFile(entry.Image.Path, ImageColor.Color);
        IReadOnlyList<DetectedFace> faces = detection is null ? entry.Faces : detection.Detect([image.Mat])[0];
        if (faces.Count == 0) throw new AtlException("no face");
        DetectedFace face = options.Choice.Choose(faces, image.Mat.Cols, image.Mat.Rows) ?? throw new AtlException($"{faces.Count} faces");
        using Mat aligned = options.Alignment.Align(image.Mat, face.Landmarks);
        byte[] encoded = options.Extension == ".jpg"
            ? aligned.ImEncode(".jpg", new ImageEncodingParam(ImwriteFlags.JpegQuality, options.Quality))
            : aligned.ImEncode(options.Extension);
        Write(target, encoded);
        Interlocked.Increment(ref _aligned);
        if (faces.Count > 1) Interlocked.Increment(ref _several);
    }

    private static void Write(string target, byte[] encoded)
    {
        string temporary = target + ".tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(temporary, encoded);
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AtlException($"cannot write {target}: {e.Message}", e);
        }
    }

    private string[] Targets(IReadOnlyList<ImageFaces> images)
    {
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Folder));
        Dictionary<string, string> sources = [];
        string[] targets = new string[images.Count];
        for (int i = 0; i < targets.Length; i++)
        {
            ImageFile image = images[i].Image;
            targets[i] = Path.GetFullPath(Path.Combine(folder, Path.ChangeExtension(image.Name, options.Extension)));
            if (!targets[i].StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw new AtlException($"the image {image.Path} is called '{image.Name}', which lies outside of {options.Folder}; expected a path below it");
            if (!sources.TryAdd(targets[i], image.Path))
                throw new AtlException($"{sources[targets[i]]} and {image.Path} would both become {targets[i]}; expected images of different names");
        }
        return targets;
    }

    // Images of another alignment would be taken for finished ones: they are refused, or, where all are to be made again, removed before the first new
    // one is there, so that a run which breaks off leaves no mixture either.
    private void Begin(string[] targets)
    {
        string file = Path.Combine(options.Folder, AlignmentFile), ours = options.Alignment.Description;
        try
        {
            Directory.CreateDirectory(options.Folder);
            string? theirs = Earlier(file, targets);
            if (theirs == ours) return;
            if (theirs is not null && !options.Overwrite)
                throw new AtlException(
                    $"{options.Folder}: the images that are there were aligned as '{theirs}', expected '{ours}'; "
                        + "another folder, or -overwrite to make them again");
            if (theirs is not null)
                foreach (string target in targets.Where(File.Exists)) File.Delete(target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AtlException($"{options.Folder}: cannot be written: {e.Message}", e);
        }
        AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(ours + "\n")));
    }

    // How images of an earlier run were aligned; null where there are none. Images without a note of how they were made count by their size.
    private string? Earlier(string file, string[] targets)
    {
        if (File.Exists(file)) return File.ReadAllText(file).Trim();
        if (Array.Find(targets, File.Exists) is not { } first) return null;
        using DecodedImage image = DecodedImage.FromFile(first, ImageColor.Color);
        bool fits = image.Mat.Cols == options.Alignment.Width && image.Mat.Rows == options.Alignment.Height;
        return fits ? null : $"{image.Mat.Cols}x{image.Mat.Rows}";
    }

    private void WriteFailed(List<(string Name, string Reason)> failed) => FailureList.Write(Path.Combine(options.Folder, FailedFile), failed);
}
