using Atl.Data;
using Atl.Face.Verification;
using Atl.Proto;

namespace Atl.Face.Import;

/// <summary>
/// A list of names that an import skips, one a line: of identities, or of images by their path below the
/// source's folder, with the extension or without. (For example, identities of a test set that are in the training set,
/// too.) </summary>
internal sealed class ExclusionList
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    private readonly HashSet<string> _people;

    private ExclusionList(HashSet<string> people) => _people = people;

    /// <summary>The names that fit nothing so far, with their lines.</summary>
    public IReadOnlyList<(int Line, string Name)> Unused =>
        [.. _lines.Where(name => !_used.Contains(name.Key)).Select(name => (name.Value, name.Key)).Order()];

    /// <summary>Reads a list; empty lines are ignored.</summary>
    /// <param name="file">The list.</param>
    /// <param name="people">The identities of the source: a name that is one of theirs means no image.</param>
    /// <exception cref="AtlException">The file cannot be read, or is empty.</exception>
    public static ExclusionList Read(string file, IEnumerable<string> people)
    {
        ExclusionList list = new([.. people]);
        int line = 0;
        foreach (string text in TextLines.Each(file, "names to exclude, one per line"))
        {
            line++;
            string name = Plain(text);
            if (name.Length > 0) list._lines.TryAdd(name, line);
        }
        return list._lines.Count > 0 ? list
            : throw new AtlException(
                $"{file}: the list is empty, expected names of identities or images, one per line");
    }

    /// <summary>Whether a person is left out.</summary>
    public bool HasPerson(string identity) => Uses(identity);

    /// <summary>Whether an image is left out.</summary>
    public bool HasPicture(string name) => UsesForPicture(name) | UsesForPicture(ImageNames.Stem(name));

    // Names as "ls -d */" and "find ." write them, too.
    private static string Plain(string text)
    {
        string name = QuotedName.Parse(text.Trim()).Replace('\\', '/').TrimEnd('/');
        return name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
    }

    private bool UsesForPicture(string name) => !_people.Contains(name) && Uses(name);

    private bool Uses(string name)
    {
        if (!_lines.ContainsKey(name)) return false;
        _used.Add(name);
        return true;
    }
}
