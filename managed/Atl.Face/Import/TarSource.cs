using System.Globalization;
using System.Text;
using System.Text.Json;
using Atl.Face.Faces;
using Atl.Proto;
using Microsoft.Win32.SafeHandles;

namespace Atl.Face.Import;

/// <summary>
/// Pictures in tar archives, as WebDataset lays them out: files of one sample follow one another and share their name up to the first dot behind the last
/// slash; beside the picture stands who it shows, as text (.cls) or as "label", "identity" or "class" of an object (.json). Without these a picture shows
/// whom its folder is named after.
/// </summary>
public sealed class TarSource : ImportSource
{
    private const int LargestLabelFile = 1 << 20;
    private static readonly string[] LabelMembers = ["label", "identity", "class"];

    private readonly IReadOnlyList<string> _paths;
    private readonly SafeFileHandle[] _archives;
    private readonly Place[] _places;

    private TarSource(IReadOnlyList<string> paths, SafeFileHandle[] archives, Place[] places) =>
        (_paths, _archives, _places) = (paths, archives, places);

    /// <summary>Goes through archives.</summary>
    /// <exception cref="AtlException">One is damaged or compressed, two pictures have one name, or it is not known whom a picture shows.</exception>
    public static TarSource Open(IReadOnlyList<string> archives)
    {
        SafeFileHandle[] handles = new SafeFileHandle[archives.Count];
        try
        {
            List<(string Name, Place Place)> pictures = [];
            Dictionary<string, string> labels = [];
            List<string> passedOver = [];
            for (int i = 0; i < archives.Count; i++)
            {
                handles[i] = File.OpenHandle(archives[i], options: FileOptions.RandomAccess);
                Scan(archives[i], handles[i], i, pictures, labels, passedOver);
            }
            if (pictures.Count == 0)
                throw new AtlException($"{string.Join(", ", archives)}: no pictures in it, expected files such as 000001.jpg with 000001.cls");
            HashSet<string> names = [];
            List<ImportItem> items = [];
            foreach ((string name, Place place) in pictures)
            {
                string archive = archives[place.Archive];
                if (!names.Add(name)) throw new AtlException($"{archive}: there are two pictures called '{name}', expected names of their own");
                int folder = name.LastIndexOf('/');
                string identity = labels.TryGetValue(Sample(name), out string? label) ? label
                    : folder > 0 ? name[..folder]
                    : throw new AtlException(
                        $"{archive}: it is not known whom '{name}' shows, expected {Sample(name)}.cls or .json beside it, or a folder for each person");
                items.Add(new ImportItem(name, identity));
            }
            bool numbered = labels.Count > 0
                && GivenIdentities.AreLabels(items, i =>
                    $"{archives[pictures[i].Place.Archive]}: whom '{pictures[i].Name}' shows");
            return new TarSource(archives, handles, [.. pictures.Select(picture => picture.Place)])
            {
                Items = items,
                IsNumbered = numbered,
                PassedOver = passedOver,
            };
        }
        catch (Exception e)
        {
            foreach (SafeFileHandle? handle in handles) handle?.Dispose();
            if (e is IOException or UnauthorizedAccessException) throw new AtlException($"the archives cannot be read: {e.Message}", e);
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
                $"{name} claims {place.Length} bytes at byte {place.Offset} of {_paths[place.Archive]}, which has {length} (truncated or damaged)"));
        byte[] bytes = new byte[place.Length];
        TarEntries.Fill(_archives[place.Archive], bytes, place.Offset, name);
        return bytes;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (SafeFileHandle archive in _archives) archive.Dispose();
        base.Dispose();
    }

    private static void Scan(string archive, SafeFileHandle handle, int number, List<(string Name, Place Place)> pictures,
        Dictionary<string, string> labels, List<string> passedOver)
    {
        foreach (TarEntry entry in TarEntries.Read(archive, handle))
        {
            string name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            if (ImageFiles.IsImage(name)) pictures.Add((name, new Place(number, entry.Offset, entry.Length)));
            else if (LabelOf(archive, handle, name, entry) is { } label) labels[Sample(name)] = label;
            else passedOver.Add(name);
        }
    }

    private static string? LabelOf(string archive, SafeFileHandle handle, string name, TarEntry entry)
    {
        bool text = name.EndsWith(".cls", StringComparison.OrdinalIgnoreCase), json = name.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        if (!text && !json) return null;
        if (entry.Length is 0 or > LargestLabelFile)
            throw new AtlException($"{archive}: '{name}' has {entry.Length} bytes, expected whom a picture shows");
        byte[] bytes = new byte[entry.Length];
        TarEntries.Fill(handle, bytes, entry.Offset, $"{archive}: '{name}'");
        string content = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').Trim();
        string? label = json ? Member(archive, name, content) : content;
        return label is { Length: > 0 } ? label : json ? null : throw new AtlException($"{archive}: '{name}' is empty, expected a label or a name");
    }

    private static string? Member(string archive, string name, string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            foreach (string member in LabelMembers)
                if (document.RootElement.TryGetProperty(member, out JsonElement value) && value.ValueKind is JsonValueKind.Number or JsonValueKind.String)
                    return value.ToString();
            return null;
        }
        catch (JsonException e)
        {
            throw new AtlException(string.Create(CultureInfo.InvariantCulture, $"{archive}: '{name}' is no JSON: {e.Message}"), e);
        }
    }

    // The name up to the first dot behind the last slash.
    private static string Sample(string name)
    {
        int dot = name.IndexOf('.', name.LastIndexOf('/') + 1);
        return dot < 0 ? name : name[..dot];
    }

    private readonly record struct Place(int Archive, long Offset, long Length);
}
