using Atl.Data;
using Atl.Face.Faces;
using Atl.Proto;

namespace Atl.Face.Import;

/// <summary>
/// A list of images: lines of a path and, after a tab or the last space, who it shows; or lines of im2rec's lists
/// (<see cref="Im2RecLine"/>). Where lines end in whole numbers these are labels, which are kept; else they are names.
/// </summary>
internal sealed class ListSource : ImportSource
{
    private const string Expected = "a path, a space or tab, and a label or name";
    private static readonly char[] Blanks = [' ', '\t'];

    private readonly string[] _paths;

    private ListSource(string[] paths) => _paths = paths;

    /// <summary>Reads a list; empty lines are ignored.</summary>
    /// <param name="list">The file.</param>
    /// <param name="root">The folder that paths are below; null for the working folder or, where a path is not below
    /// that, the list's.</param>
    /// <exception cref="AtlException">
    /// The file cannot be read or is empty, a line does not fit, or labels and names are mixed: the message names file
    /// and line.
    /// </exception>
    public static ListSource Open(string list, string? root)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(list))!;
        (string Text, int Line)[] entries =
        [
            .. TextLines.Each(list, "a list of images").Select((text, i) => (Text: text.Trim(), Line: i + 1))
                .Where(entry => entry.Text.Length > 0),
        ];
        if (entries.Length == 0) throw new AtlException($"{list}: the list is empty, expected lines of {Expected}");
        bool im2rec = entries.Any(entry => Im2RecLine.Split(entry.Text) is not null);
        List<ImportItem> items = [];
        List<string> paths = [];
        foreach ((string text, int line) in entries)
        {
            (string path, string identity) = (im2rec ? FromIm2Rec(text) : Split(text))
                ?? throw new AtlException(
                    $"{list}:{line}: found '{text}', expected {(im2rec ? Im2RecLine.Expected : Expected)}");
            ImageFiles.CheckName(path, $"{list}:{line}");
            items.Add(new ImportItem(path.Replace('\\', '/'), identity));
            path = PathText.Local(path);
            paths.Add(root is not null ? Path.Combine(root, path) : File.Exists(path) ? path
                : Path.Combine(folder, path));
        }
        bool numbered = GivenIdentities.AreLabels(items, i => $"{list}:{entries[i].Line}");
        if (!numbered && IsHeader(paths))
            throw new AtlException(
                $"{list}:{entries[0].Line}: found '{entries[0].Text}', which names no image; expected {Expected}, "
                    + "without a header");
        return new ListSource([.. paths]) { Items = items, IsNumbered = numbered };
    }

    /// <inheritdoc/>
    public override byte[] Read(int index) => DecodedImage.ReadFile(_paths[index]);

    // A tab lets names hold blanks.
    private static (string Path, string Identity)? Split(string entry)
    {
        if (QuotedName.TryTake(entry, out string name, out string rest))
            return rest.Length > 0 ? (name, QuotedName.Parse(rest)) : null;
        int end = entry.Contains('\t') ? entry.LastIndexOf('\t') : entry.LastIndexOfAny(Blanks);
        return end < 0 ? null : (entry[..end].TrimEnd(), entry[(end + 1)..]);
    }

    private static (string Path, string Identity)? FromIm2Rec(string entry) =>
        Im2RecLine.Split(entry) is { } line ? (line.Path, line.Labels[0]) : null;

    // In a list of names nothing else tells the names of columns from those of identities.
    private static bool IsHeader(List<string> paths) =>
        !ImageFiles.IsImage(paths[0]) && !File.Exists(paths[0]) && paths.Count > 1 && ImageFiles.IsImage(paths[1]);
}
