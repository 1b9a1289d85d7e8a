using System.Globalization;
using Atl.Data;
using Atl.Proto;

namespace Atl.Face.Import;

/// <summary>
/// Which label a person has. As a file: lines of the label, a tab and the name (<see cref="QuotedName"/>); what follows
/// after a further tab is not read.
/// </summary>
internal sealed class IdentityLabels
{
    private const int NamesShown = 5;

    private readonly Dictionary<string, int> _labels;

    private IdentityLabels(Dictionary<string, int> labels) => _labels = labels;

    /// <summary>The identities by their labels.</summary>
    public IEnumerable<(int Label, string Identity)> People =>
        _labels.Select(person => (person.Value, person.Key)).Order();

    /// <summary>A person's label.</summary>
    public int this[string identity] => _labels[identity];

    /// <summary>Numbers names from 0 in ordinal order.</summary>
    public static IdentityLabels Number(IEnumerable<string> identities) =>
        new(identities.Distinct().Order(StringComparer.Ordinal).Select((name, i) => (name, i))
            .ToDictionary(person => person.name, person => person.i));

    /// <summary>Renumbers labels from 0, in their order.</summary>
    public static IdentityLabels Renumber(IEnumerable<string> labels) =>
        new(labels.Distinct().OrderBy(ToNumber).Select((name, i) => (name, i)).ToDictionary(person => person.name,
            person => person.i));

    /// <summary>Takes labels as they are.</summary>
    public static IdentityLabels Keep(IEnumerable<string> labels) =>
        new(labels.Distinct().ToDictionary(name => name, ToNumber));

    /// <summary>Reads a file.</summary>
    /// <exception cref="AtlException">
    /// The file cannot be read, a line does not fit, or a name or label is there twice: the message names file and
    /// line.
    /// </exception>
    public static IdentityLabels Read(string file)
    {
        Dictionary<string, int> labels = [];
        HashSet<int> taken = [];
        int line = 0;
        foreach (string text in TextLines.Each(file, "a label map"))
        {
            line++;
            if (text.Length == 0) continue;
            string[] parts = text.Split('\t');
            if (parts.Length < 2 || parts[1].Length == 0 || !LabelText.TryParse(parts[0], out int label))
                throw new AtlException($"{file}:{line}: found '{text}', expected a label, a tab and a name");
            if (!taken.Add(label))
                throw new AtlException(
                    $"{file}:{line}: the label {label} is used already, expected one per identity");
            string identity = QuotedName.Parse(parts[1]);
            if (!labels.TryAdd(identity, label))
                throw new AtlException($"{file}:{line}: '{identity}' has the label {labels[identity]} already");
        }
        if (labels.Count == 0)
            throw new AtlException($"{file}: the label map is empty, expected lines of a label, a tab and a name");
        return new IdentityLabels(labels);
    }

    /// <summary>Writes a file, with the number of each identity's images after the name.</summary>
    /// <exception cref="AtlException">It cannot be written.</exception>
    public void Write(string file, IReadOnlyDictionary<int, int> pictures) => AtomicFile.Write(file, stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true);
        foreach ((int label, string identity) in People)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{label}\t{QuotedName.Of(identity)}\t{pictures.GetValueOrDefault(label)}"));
    });

    /// <summary>Refuses identities that have no label.</summary>
    /// <param name="identities">The identities.</param>
    /// <param name="file">What the map is called.</param>
    /// <exception cref="AtlException">Some have none: the message names the first.</exception>
    public void CheckKnows(IEnumerable<string> identities, string file)
    {
        string[] unknown = [.. identities.Distinct().Where(identity => !_labels.ContainsKey(identity))
            .Order(StringComparer.Ordinal)];
        if (unknown.Length == 0) return;
        string names = string.Join(", ", unknown.Take(NamesShown).Select(name => $"'{name}'"));
        throw new AtlException(
            $"{file}: the label map lacks {Amount.Of(unknown.Length, "identity")} of the images: "
                + $"{names}{(unknown.Length > NamesShown ? ", …" : "")}; expected a label for each");
    }

    private static int ToNumber(string label) => int.Parse(label, NumberStyles.None, CultureInfo.InvariantCulture);
}
