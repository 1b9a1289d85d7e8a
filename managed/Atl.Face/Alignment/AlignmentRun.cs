using System.Text;
using Atl.Data;
using Atl.Face.Detection;
using Atl.Face.Faces;
using Atl.Images;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Face.Alignment;

/// <summary>
/// Aligns many images at once, each from reading to writing on one thread. An image is written under a temporary name
/// and then renamed, so that a run that was interrupted goes on where it stopped, and several processes may work on one
/// folder; images that cannot be aligned are listed in failed.txt with the reason. alignment.txt in the folder says how
/// its images were aligned, so that no run goes on with images of another alignment.
/// </summary>
internal sealed class AlignmentRun(AlignmentOptions options)
{
    /// <summary>The file that lists what failed; there is none where nothing did.</summary>
    public const string FailedFile = "failed.txt";

    /// <summary>The file that says how the images of the folder were aligned:
    /// <see cref="FaceAlignment.Description"/>.</summary>
    public const string AlignmentFile = "alignment.txt";

    private const string AllFaces = ", all faces", InFormat = ", as ", DefaultExtension = ".png";

    private static readonly string[] Extensions = [DefaultExtension, ".jpg"];

    private int _aligned, _skipped, _several, _crops;

    /// <summary>Aligns images.</summary>
    /// <param name="given">The images with their faces; one that is repeated counts once.</param>
    /// <param name="detection">Finds the faces in place of those given; null where they are known.</param>
    /// <param name="onDone">Called with the number of images done.</param>
    /// <exception cref="AtlException">
    /// The folder holds images that were aligned otherwise, or cannot be written, or a crop would replace an image.
    /// </exception>
    public AlignmentOutcome Run(IReadOnlyList<ImageFaces> given, DetectionRun? detection = null,
        Action<int>? onDone = null)
    {
        IReadOnlyList<ImageFaces> images = Merged(given);
        CropNames names = new(images.Select(image => image.Image), options.Folder, options.Extension);
        string?[] targets = [.. images.Select(image => names.Of(image.Image))];
        Begin([.. targets.OfType<string>()]);
        string?[] failures = new string?[images.Count];
        int done = 0;
        (_aligned, _skipped, _several, _crops) = (0, 0, 0, 0);
        // The images keep the cores busy: OpenCV's threads would only fight with them.
        Cv2.SetNumThreads(1);
        ParallelItems.Run(0, images.Count, options.Workers, i =>
        {
            try
            {
                if (targets[i] is not { } target) throw new AtlException(names.Fault(images[i].Image)!);
                failures[i] = AlignOne(images[i], target, detection);
            }
            catch (Exception e) when (ItemFailure.IsOfItem(e))
            {
                // Another process may have had better luck.
                if (targets[i] is { } target && IsThere(target)) Interlocked.Increment(ref _skipped);
                else failures[i] = ItemFailure.Reason(e);
            }
            onDone?.Invoke(Interlocked.Increment(ref done));
        });
        List<(string Name, string Reason)> failed = [];
        for (int i = 0; i < failures.Length; i++)
            if (failures[i] is { } reason)
                failed.Add((images[i].Image.Name, reason));
        WriteFailed(images, failed);
        if (_crops > 0) FolderSync.FlushFileSystemOf(options.Folder);
        return new AlignmentOutcome(_aligned, _skipped, failed, _several)
        {
            Crops = _crops,
            Repeated = given.Count - images.Count,
            KeptExtensions = [.. names.Kept.Select(image => image.Name)],
        };
    }

    private static List<ImageFaces> Merged(IReadOnlyList<ImageFaces> given)
    {
        Dictionary<(string, string), int> places = [];
        List<ImageFaces> images = [];
        foreach (ImageFaces image in given)
            if (places.TryAdd(CropNames.Key(image.Image), images.Count)) images.Add(image);
            else images[places[CropNames.Key(image.Image)]] = images[places[CropNames.Key(image.Image)]]
                .With(image.Faces);
        return images;
    }

    // Returns what is wrong with the faces; null where nothing is.
    private string? AlignOne(ImageFaces entry, string target, DetectionRun? detection)
    {
        if (IsThere(target))
        {
            Interlocked.Increment(ref _skipped);
            return null;
        }
        if (entry.Error is { } error) throw new AtlException(error);
        if (detection is null && entry.Faces.Count == 0) throw new AtlException("no face");
        using DecodedImage image = DecodedImage.FromFile(entry.Image.Path, ImageColor.Color, logger: options.Logger);
        (int width, int height) = (image.Mat.Cols, image.Mat.Rows);
        if (entry.Width > 0 && entry.Height > 0 && (entry.Width, entry.Height) != (width, height))
            throw new AtlException(
                $"the image has {width}x{height} pixels, but its faces are those of one of "
                    + $"{entry.Width}x{entry.Height}");
        IReadOnlyList<DetectedFace> faces = detection is null ? entry.Faces : detection.Detect([image.Mat])[0];
        if (faces.Count == 0) throw new AtlException("no face");
        IReadOnlyList<DetectedFace> chosen = options.Choice.Choose(faces, width, height);
        if (chosen.Count == 0) throw new AtlException($"{faces.Count} faces");
        List<string> faults = [];
        int written = 0;
        // The first is written last: where it is there, all are.
        for (int i = chosen.Count - 1; i >= 0; i--)
            try
            {
                if (WriteFace(image.Mat, chosen[i], Numbered(target, i))) written++;
            }
            catch (FaceAlignmentException e)
            {
                faults.Add(faces.Count == 1 ? e.Message : $"face {i} of {faces.Count}: {e.Message}");
            }
        Interlocked.Add(ref _crops, written);
        // An earlier run may have found more.
        if (options is { Overwrite: true, Choice: FaceChoice.All }) RemoveFaces(target, chosen.Count);
        if (faults.Count > 0) return (entry.Place is { } place ? $"{place}: " : "") + string.Join("; ", faults);
        Interlocked.Increment(ref written > 0 ? ref _aligned : ref _skipped);
        if (faces.Count > chosen.Count) Interlocked.Increment(ref _several);
        return null;
    }

    private bool WriteFace(Mat image, DetectedFace face, string target)
    {
        using Mat aligned = options.Alignment.Align(image, face.Landmarks);
        byte[] encoded = options.Extension == ".jpg"
            ? aligned.ImEncode(".jpg", new ImageEncodingParam(ImwriteFlags.JpegQuality, options.Quality))
            : aligned.ImEncode(options.Extension);
        return SharedFile.Write(target, encoded, options.Overwrite);
    }

    private bool IsThere(string target) => !options.Overwrite && SharedFile.Exists(Numbered(target, 0));

    // Where every face is taken, each has a number in its name.
    private string Numbered(string target, int face) =>
        options.Choice == FaceChoice.All ? FaceOf(target, face) : target;

    private string FaceOf(string target, int face) => FaceOf(target, face, options.Extension);

    private string FaceOf(string target, int face, string extension) =>
        FormattableString.Invariant($"{target[..^options.Extension.Length]}_{face}{extension}");

    private void RemoveFaces(string target, int first) => RemoveFaces(target, first, options.Extension);

    private void RemoveFaces(string target, int first, string extension)
    {
        for (int face = first; File.Exists(FaceOf(target, face, extension)); face++)
            File.Delete(FaceOf(target, face, extension));
    }

    // Images of another alignment would be taken for finished ones: they are refused, or, where all are to be made
    // again, removed before the first new one is there, so that a run which breaks off leaves no mixture either.
    private void Begin(string[] targets)
    {
        string file = Path.Combine(options.Folder, AlignmentFile);
        string ours = options.Alignment.Description + (options.Choice == FaceChoice.All ? AllFaces : "")
            + (options.Extension == DefaultExtension ? "" : InFormat + options.Extension[1..]);
        byte[] note = Encoding.UTF8.GetBytes(ours + "\n");
        try
        {
            string? theirs = Earlier(file, targets);
            // Another process may have begun in between.
            if (theirs is null && !SharedFile.Write(file, note, replace: false)) theirs = File.ReadAllText(file).Trim();
            if (theirs is null || theirs == ours) return;
            // A run from before formats were noted.
            if (!theirs.Contains(InFormat, StringComparison.Ordinal)
                && ours.StartsWith(theirs + InFormat, StringComparison.Ordinal)
                && Array.Exists(targets, target => File.Exists(Numbered(target, 0))))
            {
                SharedFile.Write(file, note, replace: true);
                return;
            }
            if (!options.Overwrite)
                throw new AtlException(
                    $"{options.Folder}: the existing images were aligned as '{theirs}', expected '{ours}'; choose "
                        + "another folder, or pass -overwrite to write them again");
            bool all = options.Choice == FaceChoice.All || theirs.Contains(AllFaces, StringComparison.Ordinal);
            foreach (string target in targets)
                foreach (string extension in Extensions)
                {
                    File.Delete(Path.ChangeExtension(target, extension));
                    if (all) RemoveFaces(target, 0, extension);
                }
            SharedFile.Write(file, note, replace: true);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw new AtlException($"{options.Folder}: cannot be written: {e.Message}", e);
        }
    }

    // How images of an earlier run were aligned; null where there are none. Images without a note of how they were made
    // count by their size.
    private string? Earlier(string file, string[] targets)
    {
        if (File.Exists(file)) return File.ReadAllText(file).Trim();
        if (Array.Find(targets, target => File.Exists(Numbered(target, 0))) is not { } first) return null;
        using DecodedImage image = DecodedImage.FromFile(Numbered(first, 0), ImageColor.Color, logger: options.Logger);
        bool fits = image.Mat.Cols == options.Alignment.Width && image.Mat.Rows == options.Alignment.Height;
        return fits ? null : $"{image.Mat.Cols}x{image.Mat.Rows}";
    }

    // What other runs have listed stays, as long as the image is not one of ours and has no crop.
    private void WriteFailed(IReadOnlyList<ImageFaces> images, List<(string Name, string Reason)> failed)
    {
        HashSet<string> ours = [.. images.Select(image => image.Image.Name)];
        FailureList.Merge(Path.Combine(options.Folder, FailedFile), failed, name => ours.Contains(name)
            || SharedFile.Exists(Numbered(Path.Combine(options.Folder, Path.ChangeExtension(name, options.Extension)),
                0)), options.Logger);
    }
}
