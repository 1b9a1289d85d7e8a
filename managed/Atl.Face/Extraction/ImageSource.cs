using Atl.Data;
using Atl.Face.Faces;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Face.Extraction;

/// <summary>Images in a fixed order: files, the records of a database, or an insightface verification set.</summary>
internal abstract class ImageSource : IDisposable
{
    /// <summary>The number of images; null if only reading all of them tells.</summary>
    public abstract long? Count { get; }

    /// <summary>The number of files in folders that have no image extension.</summary>
    public int PassedOver { get; protected init; }

    /// <summary>The lines of a list of pairs that the source brings along; empty where it brings none.</summary>
    public virtual IEnumerable<string> PairLines => [];

    /// <summary>The images, in their order. To be enumerated once; one thread at a time.</summary>
    /// <exception cref="AtlException">The source is damaged.</exception>
    public abstract IEnumerable<SourceImage> Images();

    /// <summary>
    /// Opens an LMDB or LevelDB, an insightface verification set (.bin), or files, folders and lists
    /// (<see cref="ImageFiles.Find"/>).
    /// </summary>
    /// <param name="places">The database, the set, or the files, folders and lists.</param>
    /// <param name="logger">The logger that is warned of images with damaged parts and of places that are
    /// skipped; null for none.</param>
    /// <exception cref="AtlException">
    /// A place does not exist or is of a known format that is not read, there is no image, or a database or set is
    /// given beside something else.
    /// </exception>
    public static ImageSource Open(IReadOnlyList<string> places, ILogger? logger = null)
    {
        if (places.FirstOrDefault(place => RecordDatabase.BackendAt(place) is not null || InsightfaceSet.IsAt(place))
            is not { } whole)
            return places.FirstOrDefault(place => ForeignFormat.Describe(place) is not null) is { } foreign
                ? throw new AtlException($"{foreign}: {ForeignFormat.Describe(foreign)}")
                : new FileImageSource(places, logger);
        if (RecordDatabase.BackendAt(whole) is not { } backend)
            return places.Count == 1
                ? new InsightfaceImageSource(whole, logger)
                : throw new AtlException(
                    $"{whole}: an insightface verification set beside other sources of images, expected it alone");
        if (places.Count > 1)
            throw new AtlException($"{whole}: a database beside other sources of images, expected it alone");
        return new RecordImageSource(whole, backend, logger);
    }

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
