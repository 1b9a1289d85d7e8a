using System.Globalization;
using Atl.Data;
using Atl.Face.Faces;
using Atl.Proto;

namespace Atl.Face.Verification;

/// <summary>
/// The names of the images behind the rows of features, by which lists of pairs find them. A name is found as it is
/// written; else by its path without the extension, below the folder that all images have in common or any folder above
/// it.
/// </summary>
internal sealed class ImageNames
{
    private const int Ambiguous = -2;

    private readonly IReadOnlyList<string> _names;
    private readonly Dictionary<string, int> _rows;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<int> _repeated = [];
    private Dictionary<string, int>? _paths, _fileNames;
    private string? _common;

    /// <summary>Takes the names, one a row.</summary>
    public ImageNames(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        _names = names;
        _rows = new Dictionary<string, int>(names.Count, StringComparer.Ordinal);
        _lookup = _rows.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int row = 0; row < names.Count; row++)
        {
            if (!_rows.TryAdd(names[row], row))
                _repeated.Add(row);
        }
    }

    /// <summary>The number of rows.</summary>
    public int Count => _names.Count;

    /// <summary>The labels after the names in the list; null where it has none.</summary>
    public IReadOnlyList<string>? Labels { get; private init; }

    /// <summary>Whether names are the rows' numbers, since nothing names the images.</summary>
    public bool AreNumbers { get; private init; }

    /// <summary>Rows with the name of an earlier row, which no list can mean.</summary>
    public IReadOnlyList<int> Repeated => _repeated;

    /// <summary>The name of a row.</summary>
    public string this[int row] => _names[row];

    /// <summary>Names that are the rows' numbers, from 0.</summary>
    public static ImageNames Numbered(int rows) =>
        new([.. Enumerable.Range(0, rows).Select(row => row.ToString(CultureInfo.InvariantCulture))])
        {
            AreNumbers = true,
        };

    /// <summary>Reads a list: a path a line, in the order of the rows. Where every line ends in an integer behind a
    /// blank, these are labels.</summary>
    /// <param name="file">The list.</param>
    /// <param name="rows">How many rows the features have.</param>
    /// <param name="features">The features' file, for messages.</param>
    /// <exception cref="AtlException">
    /// The list is missing, has not as many names as there are rows, or some lines lack the label that most have.
    /// </exception>
    public static ImageNames Read(string file, int rows, string features)
    {
        string[] all = [.. TextLines.Read(file, "the images' names, a path a line").Select(line => line.Trim())];
        string[] lines = [.. all.Where(line => line.Length > 0)];
        if (lines.Length != rows)
            throw new AtlException($"{file}: {lines.Length} names, expected {rows}: one for each row of {features}");
        (string Name, string Label)[] parts = [.. lines.Select(Split)];
        int[] unlabelled = [.. Enumerable.Range(0, rows).Where(row => !IsLabel(parts[row].Label))];
        // One odd label must not turn all others into parts of the names.
        if (unlabelled is [var odd, ..] && 2 * unlabelled.Length < rows)
            throw new AtlException(
                $"{file}:{Array.IndexOf(all, lines[odd]) + 1}: found '{lines[odd]}', expected a path, a space and a "
                    + $"whole number, as {rows - unlabelled.Length} other lines have; give all lines labels, or none");
        return unlabelled.Length == 0
            ? new ImageNames([.. parts.Select(part => part.Name)]) { Labels = [.. parts.Select(part => part.Label)] }
            : new ImageNames([.. lines.Select(QuotedName.Parse)]);
    }

    private static (string Name, string Label) Split(string line)
    {
        if (QuotedName.TryTake(line, out string name, out string rest)) return (name, rest);
        int blank = line.LastIndexOfAny([' ', '\t']);
        return blank > 0 ? (line[..blank].TrimEnd(), line[(blank + 1)..]) : (line, "");
    }

    /// <summary>The row of an image; null where there is none of this name.</summary>
    /// <exception cref="AtlException">The name fits several images; the message names two.</exception>
    public int? Find(ReadOnlySpan<char> name)
    {
        if (_lookup.TryGetValue(name, out int row))
            return row;
        _paths ??= Index(Below);
        string path = Stem(name.ToString());
        for (int from = 0; ;)
        {
            if (_paths.TryGetValue(path[from..], out row))
                return Unambiguous(row, path[from..], Below);
            // A file's name alone says too little: other folders may have one like it.
            int folder = path.IndexOf('/', from);
            if (folder < 0 || path.IndexOf('/', folder + 1) < 0)
                return null;
            from = folder + 1;
        }
    }

    /// <summary>The row of an image of LFW, name/name_0001 with any extension, in any folder or in none; null where
    /// there is none.</summary>
    /// <exception cref="AtlException">There are several; the message names two.</exception>
    public int? FindLfw(string person, int number)
    {
        string file = LfwName(person, number);
        if (Find($"{person}/{file}") is { } row)
            return row;
        _fileNames ??= Index(FileName);
        return _fileNames.TryGetValue(file, out int found) ? Unambiguous(found, file, FileName) : null;
    }

    /// <summary>The name of an image in LFW, without its folder and extension.</summary>
    public static string LfwName(string person, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{person}_{number:D4}");

    /// <summary>A name's path below the folder that all names have in common, without the extension of an image, parted
    /// by slashes.</summary>
    internal string Below(string name)
    {
        _common ??= CommonFolder();
        string path = Stem(name);
        return path.StartsWith(_common, StringComparison.Ordinal) ? path[_common.Length..] : path;
    }

    /// <summary>A path without the extension of an image, parted by slashes.</summary>
    internal static string Stem(string name)
    {
        string path = name.Replace('\\', '/');
        while (path.StartsWith("./", StringComparison.Ordinal))
            path = path[2..];
        return ImageFiles.IsImage(path) ? path[..^Path.GetExtension(path).Length] : path;
    }

    private static bool IsLabel(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static string FileName(string name)
    {
        string path = Stem(name);
        return path[(path.LastIndexOf('/') + 1)..];
    }

    private Dictionary<string, int> Index(Func<string, string> key)
    {
        var index = new Dictionary<string, int>(Count, StringComparer.Ordinal);
        foreach ((string name, int row) in _rows)
        {
            string path = key(name);
            if (!index.TryAdd(path, row))
                index[path] = Ambiguous;
        }

        return index;
    }

    private int Unambiguous(int row, string wanted, Func<string, string> key)
    {
        if (row != Ambiguous)
            return row;
        string[] two = [.. _names.Where(name => key(name) == wanted).Distinct().Take(2)];
        throw new AtlException($"'{wanted}' may be '{two[0]}' or '{two[1]}', expected a name that matches one image");
    }

    private string CommonFolder()
    {
        if (Count == 0)
            return "";
        string common = Stem(_names[0]);
        common = common[..(common.LastIndexOf('/') + 1)];
        foreach (string name in _names)
        {
            string path = Stem(name);
            while (!path.StartsWith(common, StringComparison.Ordinal))
                common = common[..(common.TrimEnd('/').LastIndexOf('/') + 1)];
        }

        return common;
    }
}
