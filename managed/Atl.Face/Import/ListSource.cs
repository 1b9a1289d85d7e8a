using System.Globalization;
using Atl.Data;
using Atl.Proto;

namespace Atl.Face.Import;

/// <summary>
/// A list of pictures: lines of a path and, behind a tab or the last blank, who it shows. Where every line ends in a whole number these are labels,
/// which are kept; else they are names.
/// </summary>
public sealed class ListSource : ImportSource
{
    private const string Expected = "a path, a blank or tab, and a label or name";
    private static readonly char[] Blanks = [' ', '\t'];

    private readonly string[] _paths;

    private ListSource(string[] paths) => _paths = paths;

    /// <summary>Reads a list; empty lines are passed over.</summary>
    /// <param name="list">The file.</param>
    /// <param name="root">The folder that paths are below; null for the working folder or, where a path is not below that, the list's.</param>
    /// <exception cref="AtlException">The file cannot be read or is empty, or a line does not fit: the message names file and line.</exception>
    public static ListSource Open(string list, string? root)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(list))!;
        List<ImportItem> items = [];
        List<string> paths = [];
        bool numbered = true;
        int line = 0;
        foreach (string text in TextLines.Each(list, "a list of pictures"))
        {
            line++;
            string entry = text.Trim();
            if (entry.Length == 0) continue;
            // A tab lets names hold blanks.
            int end = entry.Contains('\t') ? entry.LastIndexOf('\t') : entry.LastIndexOfAny(Blanks);
            if (end < 0) throw new AtlException($"{list}:{line}: found '{entry}', expected {Expected}");
            string path = entry[..end].TrimEnd(), identity = entry[(end + 1)..];
            if (long.TryParse(identity, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number is < 0 or > int.MaxValue)
                throw new AtlException($"{list}:{line}: found the label {identity}, expected 0 to {int.MaxValue}");
            numbered = numbered && IsLabel(identity);
            items.Add(new ImportItem(path.Replace('\\', '/'), identity));
            paths.Add(root is not null ? Path.Combine(root, path) : File.Exists(path) ? path : Path.Combine(folder, path));
        }
        if (items.Count == 0) throw new AtlException($"{list}: the list is empty, expected lines of {Expected}");
        return new ListSource([.. paths]) { Items = items, IsNumbered = numbered };
    }

    /// <inheritdoc/>
    public override byte[] Read(int index) => DecodedImage.ReadFile(_paths[index]);

    /// <summary>Whether a text is a label as Caffe takes it.</summary>
    internal static bool IsLabel(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
