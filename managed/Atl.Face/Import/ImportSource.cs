using Atl.Face.Faces;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Face.Import;

/// <summary>Images of known identities, wherever they are kept.</summary>
internal abstract class ImportSource : IDisposable
{
    private static readonly string[] RecordExtensions = [".rec"], ArchiveExtensions = [".tar"],
        ListExtensions = [".txt", ".lst", ".list"];

    /// <summary>The images, in the order of the source.</summary>
    public required IReadOnlyList<ImportItem> Items { get; init; }

    /// <summary>Whether identities are the labels that the source gives, which are kept; else they are names, which are
    /// numbered in order.</summary>
    public required bool IsNumbered { get; init; }

    /// <summary>The source's name in messages.</summary>
    public string Origin { get; private set; } = "the source";

    /// <summary>The files of the source that are no images by their names.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    /// <summary>
    /// The parts of the source that could not be read when it was opened: their images are not among <see
    /// cref="Items"/>.
    /// </summary>
    public IReadOnlyList<ImportSkip> Faults { get; init; } = [];

    /// <summary>
    /// Opens sources by what they are: one folder with a folder for each identity, one list of paths and labels (.txt,
    /// .lst, .list), one RecordIO file (.rec), or tar archives (.tar).
    /// </summary>
    /// <param name="places">The folder or files.</param>
    /// <param name="root">The folder that a list's paths are below; null for the working folder or the list's.</param>
    /// <param name="logger">The logger that is warned of skipped folders; null for none.</param>
    /// <exception cref="AtlException">A place does not exist, is none of these, or holds no image; or there are
    /// several that are no archives.</exception>
    public static ImportSource Open(IReadOnlyList<string> places, string? root = null, ILogger? logger = null)
    {
        ImportSource source = OpenKind(places, root, logger);
        source.Origin = string.Join(", ", places);
        return source;
    }

    /// <summary>The bytes of an image as they are kept. May be called by many threads.</summary>
    /// <param name="index">The image's place in <see cref="Items"/>.</param>
    /// <exception cref="AtlException">They cannot be read.</exception>
    public abstract byte[] Read(int index);

    /// <summary>Closes the source's files.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    private static ImportSource OpenKind(IReadOnlyList<string> places, string? root, ILogger? logger)
    {
        foreach (string place in places)
        {
            PathKind kind = PathKinds.Of(place);
            if (kind == PathKind.Absent)
                throw new AtlException($"{place}: no such file or folder, expected images to import");
            if (kind != PathKind.Folder) PathKinds.CheckRegular(place, "images to import");
        }
        if (places.Count > 0 && places.All(place => Is(place, ArchiveExtensions))) return TarSource.Open(places);
        if (places is not [var only])
            throw new AtlException($"{string.Join(", ", places)}: {places.Count} sources, expected one, or several "
                + "that are all tar archives");
        if (Directory.Exists(only)) return FolderSource.Open(only, logger);
        if (Is(only, RecordExtensions)) return RecordIoSource.Open(only);
        if (Is(only, ListExtensions)) return ListSource.Open(only, root);
        if (ForeignFormat.Describe(only) is { } found) throw new AtlException($"{only}: {found}");
        throw new AtlException($"{only}: expected a folder, a list (.txt, .lst, .list), a RecordIO file (.rec) or "
            + "tar archives (.tar)");
    }

    /// <summary>The items before the point at which a sequence is damaged.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="onDamage">Called with what ends it, where something is wrong.</param>
    private protected static IEnumerable<T> UntilDamage<T>(IEnumerable<T> sequence, Action<AtlException> onDamage)
    {
        using IEnumerator<T> places = sequence.GetEnumerator();
        while (Next()) yield return places.Current;

        bool Next()
        {
            try
            {
                return places.MoveNext();
            }
            catch (AtlException e)
            {
                onDamage(e);
                return false;
            }
        }
    }

    /// <summary>The fault of something in the source that has a name.</summary>
    private protected static ImportSkip Fault(string name, string reason) =>
        new(name, ImportProblem.Unreadable, PathText.Message(reason));

    private static bool Is(string place, string[] extensions) =>
        !Directory.Exists(place) && extensions.Contains(Path.GetExtension(place), StringComparer.OrdinalIgnoreCase);
}
