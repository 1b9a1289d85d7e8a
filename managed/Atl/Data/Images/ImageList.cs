using System.Globalization;
using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// A text file of images: each line a path and, after spaces, its labels: integers as in Caffe, or any numbers. The
/// path may be quoted (<see cref="QuotedName"/>) and may hold spaces: as many numbers as there are labels are taken
/// from the line's end. Lines of im2rec's lists are understood, too (<see cref="Im2RecLine"/>).
/// </summary>
internal sealed class ImageList
{
    private static readonly char[] Blanks = [' ', '\t'];

    private readonly List<ListedImage> _images = [];

    /// <summary>Reads the file; empty lines are ignored.</summary>
    /// <param name="file">The list.</param>
    /// <param name="labels">How many labels follow each path.</param>
    /// <exception cref="AtlException">The file cannot be read, or a line lacks a label: the message names file and
    /// line.</exception>
    public ImageList(string file, int labels = 1)
    {
        File = file;
        int line = 0;
        string expected = labels == 1 ? "a path, a space, and a label"
            : $"a path and {labels} labels, separated by spaces";
        foreach (string text in TextLines.Read(file, "a list of images"))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text)) continue;
            (string path, double[] values) = Split(text, labels)
                ?? throw new AtlException($"{file}:{line}: found '{text.Trim()}', expected {expected}");
            _images.Add(new ListedImage(path, values, line));
        }
        if (_images.Count == 0) throw new AtlException($"{file}: the list is empty, expected lines of {expected}");
    }

    /// <summary>The list's file.</summary>
    public string File { get; }

    /// <summary>The images in the list's order.</summary>
    public IReadOnlyList<ListedImage> Images => _images;

    /// <summary>Parts a line into its path and so many labels; null where it does not end in so many numbers after a
    /// path.</summary>
    public static (string Path, double[] Labels)? Split(string line, int labels)
    {
        if (Im2RecLine.Split(line) is { } entry) return entry.Labels.Length >= labels
            ? (entry.Path, [.. entry.Labels.Take(labels).Select(Number)]) : null;
        bool quoted = QuotedName.TryTake(line.Trim(), out string name, out string rest);
        if (!quoted) rest = line.Trim();
        double[] values = new double[labels];
        for (int i = labels - 1; i >= 0; i--)
        {
            int blank = rest.LastIndexOfAny(Blanks);
            // Before the first label stands the path, or nothing where it was quoted.
            if (blank < 0 && (i > 0 || !quoted)) return null;
            if (!double.TryParse(rest.AsSpan(blank + 1), NumberStyles.Float, CultureInfo.InvariantCulture,
                out values[i])) return null;
            if (!float.IsFinite((float)values[i])) return null;
            rest = rest[..Math.Max(0, blank)].TrimEnd();
        }
        return quoted ? rest.Length == 0 ? (name, values) : null : (rest, values);
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
