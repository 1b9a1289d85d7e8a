using Atl.Data;
using Atl.Proto;

namespace Atl.Face.Verification;

/// <summary>The identity of an image: one word per row of features.</summary>
internal static class Identities
{
    /// <summary>The first folder of each name below the folder that all have in common; where some image lies right in
    /// that one, the last folder.</summary>
    /// <exception cref="AtlException">A name has no folder.</exception>
    public static string[] ByFolder(ImageNames names)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] below = [.. Enumerable.Range(0, names.Count).Select(row => names.Below(names[row]))];
        if (below.All(path => path.Contains('/', StringComparison.Ordinal)))
            return [.. below.Select(path => path[..path.IndexOf('/', StringComparison.Ordinal)])];
        return
        [
            .. Enumerable.Range(0, names.Count)
                .Select(row => ImageNames.Stem(names[row]).Split('/') is [.., var folder, _]
                ? folder
                : throw new AtlException($"image '{names[row]}' has no identity folder, expected IDENTITY/IMAGE")),
        ];
    }

    /// <summary>LFW's names: what stands before the number in NAME_0001.</summary>
    /// <exception cref="AtlException">A name has no such number.</exception>
    public static string[] ByLfwName(ImageNames names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return
        [
            .. Enumerable.Range(0, names.Count).Select(row => LfwPerson(names[row])
                ?? throw new AtlException($"image '{names[row]}' is not named as in LFW, expected PERSON_0001")),
        ];
    }

    /// <summary>
    /// Reads a list of labels: a word a line in the order of the rows, or lines of a name, a tab or the last space, and
    /// a label.
    /// </summary>
    /// <param name="file">The list.</param>
    /// <param name="names">The images that have features.</param>
    /// <param name="onAbsent">Receives the line and name of each listed image without a feature.</param>
    /// <exception cref="AtlException">The list is missing, a line is not understood, two lines contradict one another,
    /// or images have no label (counted, the first ones named).</exception>
    public static string[] Read(string file, ImageNames names, Action<int, string>? onAbsent = null)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] lines = [.. TextLines.Read(file, "labels, one per line or each after a name")
            .Select(line => line.Trim())];
        string[] filled = [.. lines.Where(line => line.Length > 0)];
        if (filled.Length == names.Count && filled.All(line => line.IndexOfAny([' ', '\t']) < 0))
            return filled;
        string?[] labels = new string?[names.Count];
        (int Line, string Name)? missed = null;
        int found = 0, missing = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0)
                continue;
            // A tab lets labels hold blanks.
            int blank = lines[i].LastIndexOf('\t') is >= 0 and var tab ? tab : lines[i].LastIndexOf(' ');
            if (blank < 0)
            {
                string other = $"or {names.Count} lines of a label each, found {filled.Length} lines";
                throw new AtlException($"{file}:{i + 1}: found '{lines[i]}', expected a name, a space and a label "
                    + $"({other})");
            }

            string name = QuotedName.Parse(lines[i][..blank].TrimEnd()), label = lines[i][(blank + 1)..];
            if (FindAt(names, name, file, i + 1) is not { } row)
            {
                onAbsent?.Invoke(i + 1, name);
                missed ??= (i + 1, name);
                missing++;
                continue;
            }

            found++;

            if (labels[row] is { } earlier && earlier != label)
                throw new AtlException($"{file}:{i + 1}: '{name}' has label {label}, an earlier line has {earlier}");
            labels[row] = label;
        }

        if (found == 0 && missed is { } first)
            throw new AtlException($"{file}: {NameMismatch.Describe(names, missing, first.Name, first.Line)}");
        // A row that repeats another's name has its label.
        foreach (int row in names.Repeated)
            labels[row] = labels[names.Find(names[row])!.Value];
        int[] without = [.. Enumerable.Range(0, names.Count).Where(row => labels[row] is null)];
        if (without.Length > 0)
        {
            string some = string.Join(", ", without.Take(5).Select(row => names[row]))
                + (without.Length > 5 ? ", …" : "");
            throw new AtlException($"{file}: {without.Length} of {names.Count} images have no label ({some})");
        }

        return [.. labels.Select(label => label!)];
    }

    /// <summary>Numbers the words from 0 in the order in which they come.</summary>
    public static int[] Number(IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var labels = new List<int>();
        foreach (string word in words)
        {
            if (!numbers.TryGetValue(word, out int number))
                numbers[word] = number = numbers.Count;
            labels.Add(number);
        }

        return [.. labels];
    }

    /// <summary>The person of a name of LFW; null where it is none.</summary>
    internal static string? LfwPerson(string name)
    {
        string path = ImageNames.Stem(name);
        string file = path[(path.LastIndexOf('/') + 1)..];
        int line = file.LastIndexOf('_');
        return line > 0 && line + 1 < file.Length && file.AsSpan(line + 1).IndexOfAnyExceptInRange('0', '9') < 0
            ? file[..line] : null;
    }

    private static int? FindAt(ImageNames names, string name, string file, int line)
    {
        try
        {
            return names.Find(name);
        }
        catch (AtlException e)
        {
            throw new AtlException($"{file}:{line}: {e.Message}", e);
        }
    }
}
