using System.Globalization;
using Atl.Proto;

namespace Atl.Data;

/// <summary>A text file of images: each line a path, a blank, and a label. The path may hold blanks; the last one parts it from the label.</summary>
public sealed class ImageList
{
    private readonly List<(string Path, int Label, int Line)> _entries = [];

    /// <summary>Reads the file; empty lines are passed over.</summary>
    /// <exception cref="AtlException">The file cannot be read, or a line has no label: the message names file and line.</exception>
    public ImageList(string file)
    {
        File = file;
        int line = 0;
        foreach (string text in TextLines.Read(file, "a list of images"))
        {
            line++;
            string entry = text.Trim();
            if (entry.Length == 0) continue;
            int blank = entry.LastIndexOfAny([' ', '\t']);
            if (blank < 0 || !int.TryParse(entry.AsSpan(blank + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int label))
                throw new AtlException($"{file}:{line}: found '{entry}', expected a path, a blank, and an integer label");
            _entries.Add((entry[..blank].TrimEnd(), label, line));
        }
        if (_entries.Count == 0) throw new AtlException($"{file}: the list is empty, expected lines of a path, a blank, and a label");
    }

    /// <summary>The list's file.</summary>
    public string File { get; }

    /// <summary>The images: path, label, and the line that they stand on.</summary>
    public IReadOnlyList<(string Path, int Label, int Line)> Entries => _entries;
}
