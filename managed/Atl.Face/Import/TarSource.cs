using System.Globalization;
using System.Text;
using System.Text.Json;
using Atl.Face.Faces;
using Atl.Proto;
using Microsoft.Win32.SafeHandles;

namespace Atl.Face.Import;

/// <summary>
/// Images in tar archives, as WebDataset lays them out: files of one sample follow one another and share their name
/// up to the first dot after the last slash; beside the image stands who it shows, as text (.cls) or as "label",
/// "identity" or "class" of an object (.json). Without these an image shows whom its folder is named after.
/// </summary>
internal sealed class TarSource : ImportSource
{
    private const int LargestLabelFile = 1 << 20;
    private static readonly string[] LabelMembers = ["label", "identity", "class"];

    private readonly IReadOnlyList<string> _paths;
    private readonly SafeFileHandle[] _archives;
    private readonly Place[] _places;

    private TarSource(IReadOnlyList<string> paths, SafeFileHandle[] archives, Place[] places) =>
        (_paths, _archives, _places) = (paths, archives, places);

    /// <summary>Goes through archives.</summary>
    /// <exception cref="AtlException">
    /// No image in them can be read, for they are damaged or compressed, or nobody knows whom the images show. Of
    /// archives that are damaged in part, <see cref="ImportSource.Faults"/> says what is missing.
    /// </exception>
    public static TarSource Open(IReadOnlyList<string> archives)
    {
        SafeFileHandle[] handles = new SafeFileHandle[archives.Count];
        try
        {
            Contents contents = new();
            for (int i = 0; i < archives.Count; i++)
            {
                try
                {
                    handles[i] = File.OpenHandle(archives[i], options: FileOptions.RandomAccess);
                    Scan(archives[i], handles[i], i, contents);
                }
                catch (Exception e) when (FileFault.Is(e))
                {
                    contents.Faults.Add(Fault(archives[i], $"{archives[i]}: cannot be read: {e.Message}"));
                }
            }
            (List<ImportItem> items, List<Place> places) = Identify(archives, contents);
            HashSet<int> odd = [];
            bool numbered = items.Count > 0 && contents.Labels.Count > 0
                && GivenIdentities.AreLabels(items, i => $"{archives[places[i].Archive]}: whom '{items[i].Name}' shows",
                    (i, reason) =>
                {
                    odd.Add(i);
                    contents.Faults.Add(Fault(items[i].Name, reason));
                });
            if (items.Count == odd.Count)
                throw new AtlException(contents.Faults is [var first, ..]
                    ? first.Reason
                    : $"{string.Join(", ", archives)}: found no images, expected files such as 000001.jpg with "
                        + "000001.cls");
            return new TarSource(archives, handles, [.. places.Where((_, i) => !odd.Contains(i))])
            {
                Items = [.. items.Where((_, i) => !odd.Contains(i))],
                IsNumbered = numbered,
                PassedOver = contents.PassedOver,
                Faults = contents.Faults,
            };
        }
        catch
        {
            foreach (SafeFileHandle? handle in handles) handle?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override byte[] Read(int index)
    {
        Place place = _places[index];
        long length = RandomAccess.GetLength(_archives[place.Archive]);
        string name = $"'{Items[index].Name}'";
        if (place.Length > length - place.Offset || place.Length > Array.MaxLength)
            throw new AtlException(string.Create(CultureInfo.InvariantCulture,
                $"{name} claims {place.Length} bytes at byte {place.Offset} of {_paths[place.Archive]}, which has "
                    + $"{length} (truncated or damaged)"));
        byte[] bytes = new byte[place.Length];
        PositionedRead.Exactly(_archives[place.Archive], name, bytes, place.Offset);
        return bytes;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // One that could not be opened is null.
        foreach (SafeFileHandle? archive in _archives) archive?.Dispose();
        base.Dispose();
    }

    private static void Scan(string archive, SafeFileHandle handle, int number, Contents contents)
    {
        long length = RandomAccess.GetLength(handle);
        bool begun = false;
        foreach (TarEntry entry in UntilDamage(TarEntries.Read(archive, handle), e => Lost(e.Message)))
        {
            begun = true;
            string name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            if (entry.Fault is { } fault)
            {
                if (ImageFiles.IsImage(name)) contents.Faults.Add(Fault(name, fault));
                else contents.PassedOver.Add(name);
                continue;
            }
            if (ImageFiles.IsImage(name))
            {
                contents.Pictures.Add((name, new Place(number, entry.Offset, entry.Length)));
                continue;
            }
            try
            {
                if (LabelOf(archive, handle, name, entry) is { } label)
                {
                    contents.Labels[Sample(name)] = label;
                    continue;
                }
                contents.PassedOver.Add(name);
                // An image that breaks off with its archive says so itself.
                if (entry.Length > length - entry.Offset) Lost($"{archive}: truncated: it ends within '{name}'");
            }
            catch (AtlException e)
            {
                contents.Broken[Sample(name)] = (name, e.Message);
            }
        }

        void Lost(string reason) =>
            contents.Faults.Add(Fault(archive, begun ? $"{reason}; what follows is lost" : reason));
    }

    // Whom the images show; what is wrong with one goes to the faults.
    private static (List<ImportItem> Items, List<Place> Places) Identify(IReadOnlyList<string> archives,
        Contents contents)
    {
        HashSet<string> names = [], blamed = [];
        List<ImportItem> items = [];
        List<Place> places = [];
        foreach ((string name, Place place) in contents.Pictures)
        {
            string archive = archives[place.Archive], sample = Sample(name);
            int folder = name.LastIndexOf('/');
            bool labelled = contents.Labels.TryGetValue(sample, out string? label);
            if (!names.Add(name))
            {
                contents.Faults.Add(Fault(name,
                    $"{archive}: found two images called '{name}', expected unique names"));
            }
            else if (!labelled && contents.Broken.TryGetValue(sample, out (string Name, string Reason) broken))
            {
                blamed.Add(sample);
                contents.Faults.Add(Fault(name, broken.Reason));
            }
            else if (labelled || folder > 0)
            {
                items.Add(new ImportItem(name, label ?? name[..folder]));
                places.Add(place);
            }
            else
            {
                contents.Faults.Add(Fault(name,
                    $"{archive}: '{name}' has no identity, expected {sample}.cls or .json beside it, or one folder per "
                        + "identity"));
            }
        }
        // A label of no image, or of one that has another label.
        contents.Faults.AddRange(contents.Broken.Where(broken => !blamed.Contains(broken.Key))
            .Select(broken => Fault(broken.Value.Name, broken.Value.Reason)));
        return (items, places);
    }

    private static string? LabelOf(string archive, SafeFileHandle handle, string name, TarEntry entry)
    {
        bool text = name.EndsWith(".cls", StringComparison.OrdinalIgnoreCase),
            json = name.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        if (!text && !json) return null;
        if (entry.Length is 0 or > LargestLabelFile)
            throw new AtlException($"{archive}: '{name}' has {entry.Length} bytes, expected an identity");
        byte[] bytes = new byte[entry.Length];
        PositionedRead.Exactly(handle, $"{archive}: '{name}'", bytes, entry.Offset);
        string content = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').Trim();
        string? label = json ? Member(archive, name, content) : content;
        return label is { Length: > 0 } ? label : json ? null
            : throw new AtlException($"{archive}: '{name}' is empty, expected a label or a name");
    }

    private static string? Member(string archive, string name, string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            foreach (string member in LabelMembers)
                if (document.RootElement.TryGetProperty(member, out JsonElement value)
                    && value.ValueKind is JsonValueKind.Number or JsonValueKind.String)
                    return value.ToString();
            return null;
        }
        catch (JsonException e)
        {
            throw new AtlException(string.Create(CultureInfo.InvariantCulture,
                $"{archive}: '{name}' is no JSON: {e.Message}"), e);
        }
    }

    // The name up to the first dot behind the last slash.
    private static string Sample(string name)
    {
        int dot = name.IndexOf('.', name.LastIndexOf('/') + 1);
        return dot < 0 ? name : name[..dot];
    }

    private readonly record struct Place(int Archive, long Offset, long Length);

    // What the archives hold: images, labels and broken labels by sample, other files, and what is damaged.
    private sealed class Contents
    {
        public List<(string Name, Place Place)> Pictures { get; } = [];

        public Dictionary<string, string> Labels { get; } = [];

        public Dictionary<string, (string Name, string Reason)> Broken { get; } = [];

        public List<string> PassedOver { get; } = [];

        public List<ImportSkip> Faults { get; } = [];
    }
}
