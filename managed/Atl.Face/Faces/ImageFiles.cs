using Atl.Data;
using Atl.Logging;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Face.Faces;

/// <summary>Finds images: files, folders with all that is below them, and text files that list paths.</summary>
internal static class ImageFiles
{
    private static readonly string[] ImageExtensions = [".jpg", ".jpeg", ".png", ".bmp", ".pgm", ".ppm", ".tif",
        ".tiff", ".webp"];
    private static readonly string[] ListExtensions = [".txt", ".lst", ".list"];

    /// <summary>
    /// The images of files, folders and lists, in their order; those of a folder sorted by path. A list (.txt, .lst,
    /// .list) has a path a line, which a label may follow, relative to the working folder or to the list's, or lines of
    /// im2rec's lists. Names are paths below the folder given, or, for several things given, below the folder that all
    /// images have in common. Labels are those of the lists where all places are lists; where all are folders, the
    /// images of one folder have one, counted from 0 in the order of the folders' names.
    /// </summary>
    /// <param name="places">The files, folders and lists.</param>
    /// <param name="passedOver">How many files of the folders are no images by their extension.</param>
    /// <param name="output">A folder that is not searched where it lies below one of those given: what a run like this
    /// one has written is none of its images.</param>
    /// <param name="logger">The logger that is warned of skipped folders; null for none.</param>
    /// <exception cref="AtlException">A place does not exist, there is no image at all, or a line of a list does not
    /// fit.</exception>
    public static IReadOnlyList<ImageFile> Find(IReadOnlyList<string> places, out int passedOver, string? output = null,
        ILogger? logger = null)
    {
        IReadOnlyList<ImageFile> images = Search(places, out IReadOnlyList<string> others, output, logger);
        passedOver = others.Count;
        return images;
    }

    /// <summary>The result of <see cref="Find"/>, and the files of the folders that have no image extension.</summary>
    /// <param name="places">The files, folders and lists.</param>
    /// <param name="passedOver">The other files.</param>
    /// <param name="output">A folder that is not searched where it lies below one of those given.</param>
    /// <param name="logger">The logger that is warned of skipped folders; null for none.</param>
    /// <exception cref="AtlException">A place does not exist, there is no image at all, or a line of a list does not
    /// fit.</exception>
    public static IReadOnlyList<ImageFile> Search(IReadOnlyList<string> places, out IReadOnlyList<string> passedOver,
        string? output = null, ILogger? logger = null)
    {
        List<string> paths = [], others = [];
        List<int?> labels = [];
        int folders = 0, lists = 0;
        foreach (string place in places)
        {
            if (Directory.Exists(place))
            {
                paths.AddRange(Below(place, others, output, logger));
                folders++;
            }
            else if (!File.Exists(place))
            {
                throw new AtlException($"{place}: no such file or folder, expected an image, a folder of images or "
                    + "a list of paths");
            }
            else if (HasExtension(place, ListExtensions))
            {
                foreach ((string path, int? label) in ReadList(place))
                {
                    paths.Add(path);
                    labels.Add(label);
                }
                lists++;
            }
            else
            {
                paths.Add(place);
            }
        }
        passedOver = others;
        if (paths.Count == 0)
            throw new AtlException($"{string.Join(", ", places)}: no images, expected files ending in "
                + $"{string.Join(' ', ImageExtensions)}");
        IReadOnlyList<ImageFile> images = Name(paths, places is [var only] && Directory.Exists(only) ? only : null);
        if (folders == places.Count) return LabelledByFolder(images);
        return lists == places.Count ? [.. images.Zip(labels, (image, label) => image with { Label = label })] : images;
    }

    /// <summary>Names images by their paths below a folder, or, for null, below the deepest folder that holds them
    /// all.</summary>
    public static IReadOnlyList<ImageFile> Name(IReadOnlyList<string> paths, string? root)
    {
        string from = Path.GetFullPath(root ?? CommonFolder(paths));
        return [.. paths.Select(path => new ImageFile(path, NameBelow(from, Path.GetFullPath(path))))];
    }

    /// <summary>
    /// The path of a file below a folder, parted by slashes. A backslash parts paths on Windows only: elsewhere it is a
    /// letter of a name, which would lead nowhere without it.
    /// </summary>
    internal static string NameBelow(string folder, string path) =>
        Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Refuses a path that no file can have: an empty one, or one with a zero byte.</summary>
    /// <param name="path">The path.</param>
    /// <param name="place">File and line, for the message.</param>
    /// <exception cref="AtlException">It is such a path.</exception>
    internal static void CheckName(string path, string place)
    {
        if (path.Length == 0 || path.Contains('\0'))
            throw new AtlException($"{place}: the path '{path}' "
                + $"{(path.Length == 0 ? "is empty" : "holds a zero byte")}, expected that of a file");
    }

    /// <summary>Whether a name ends as images' do.</summary>
    internal static bool IsImage(string path) => HasExtension(path, ImageExtensions);

    private static List<string> Below(string folder, List<string> others, string? output, ILogger? logger)
    {
        string? written = string.IsNullOrEmpty(output)
            ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(output));
        FolderWalk walk = FolderWalk.Through(folder, path => written is null || Path.GetFullPath(path) != written);
        foreach (string line in walk.SkippedLines()) logger?.Warning("image_files.cpp", $"{line}");
        others.AddRange(walk.Files.Where(file => !IsImage(file)));
        // A folder that cannot be read stands for its images, and fails as each of them would.
        IEnumerable<string> unreadable = walk.Unreadable.Select(folder => folder.Folder + Path.DirectorySeparatorChar);
        return [.. walk.Files.Where(IsImage).Concat(unreadable).Order(StringComparer.Ordinal)];
    }

    private static ImageFile[] LabelledByFolder(IReadOnlyList<ImageFile> images)
    {
        string[] folders = [.. images.Select(image => image.Folder).Where(folder => folder.Length > 0).Distinct()
            .Order(StringComparer.Ordinal)];
        Dictionary<string, int> numbers = folders.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        return [.. images.Select(image => image.Folder.Length > 0 ? image with { Label = numbers[image.Folder] }
            : image)];
    }

    private static List<(string Path, int? Label)> ReadList(string list)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(list))!;
        List<(string Path, int? Label)> images = [];
        List<int> lines = [];
        int line = 0;
        foreach (string text in TextLines.Read(list, "a list of images"))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text)) continue;
            images.Add(ReadLine(text.Trim(), folder, $"{list}:{line}"));
            lines.Add(line);
        }
        // A list of which some lines have labels has faults in the others, or the other way round.
        int labelled = images.Count(image => image.Label is not null);
        bool rule = 2 * labelled >= images.Count;
        if (labelled > 0 && labelled < images.Count
            && images.FindIndex(image => image.Label is not null != rule) is var odd)
            throw new AtlException(rule
                ? $"{list}:{lines[odd]}: '{images[odd].Path}' has no label, but {labelled} other lines have; "
                    + "expected all or none"
                : $"{list}:{lines[odd]}: '{images[odd].Path}' has the label {images[odd].Label}, but "
                    + $"{images.Count - labelled} other lines have none; "
                    + "expected all or none");
        return images;
    }

    private static (string Path, int? Label) ReadLine(string entry, string folder, string place)
    {
        if (Existing(entry, folder) is { } whole) return (whole, null);
        if (QuotedName.TryTake(entry, out string name, out string rest) && rest.Length == 0)
            return (Existing(name, folder) ?? name, null);
        if (ImageList.Split(entry, 1) is var (path, labels))
            return labels[0] == (int)labels[0]
                ? (Existing(path, folder) ?? PathText.Local(path), (int)labels[0])
                : throw new AtlException(
                    FormattableString.Invariant($"{place}: found the label {labels[0]}, expected a whole number"));
        int blank = entry.LastIndexOfAny([' ', '\t']);
        if (blank > 0 && Existing(entry[..blank].TrimEnd(), folder) is not null)
            throw new AtlException(
                $"{place}: found '{entry}', expected a path, optionally a space and a whole number");
        return (PathText.Local(entry), null);
    }

    private static string? Existing(string path, string folder)
    {
        path = PathText.Local(path);
        if (File.Exists(path)) return path;
        string below = Path.Combine(folder, path);
        return File.Exists(below) ? below : null;
    }

    private static string CommonFolder(IReadOnlyList<string> paths)
    {
        string? common = null;
        foreach (string path in paths)
        {
            string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
            common ??= folder;
            while (common is not null && !IsWithin(folder, common)) common = Path.GetDirectoryName(common);
        }
        return common ?? Path.GetPathRoot(Path.GetFullPath("."))!;
    }

    /// <summary>
    /// Whether a folder is another one or lies below it; both are full paths that end without a separator.
    /// </summary>
    internal static bool IsWithin(string? folder, string ancestor) =>
        folder == ancestor || (folder is not null && folder.StartsWith(Path.EndsInDirectorySeparator(ancestor)
            ? ancestor
            : ancestor + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    private static bool HasExtension(string path, string[] extensions) =>
        extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
