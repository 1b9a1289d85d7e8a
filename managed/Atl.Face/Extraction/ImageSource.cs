using Atl.Data;
using Atl.Proto;

namespace Atl.Face.Extraction;

/// <summary>Images in a fixed order: files, or the records of a database.</summary>
public abstract class ImageSource : IDisposable
{
    /// <summary>How many images there are; null where only reading them all tells.</summary>
    public abstract long? Count { get; }

    /// <summary>How many files of folders are no images by their extension.</summary>
    public int PassedOver { get; protected init; }

    /// <summary>The images, in their order. To be enumerated once; one thread at a time.</summary>
    /// <exception cref="AtlException">The source is damaged.</exception>
    public abstract IEnumerable<SourceImage> Images();

    /// <summary>
    /// Opens an LMDB or LevelDB, or files, folders and lists (<see cref="Faces.ImageFiles.Find"/>).
    /// </summary>
    /// <exception cref="AtlException">A place does not exist, there is no image, or a database is given beside something else.</exception>
    public static ImageSource Open(IReadOnlyList<string> places)
    {
        if (places.FirstOrDefault(place => RecordDatabase.BackendAt(place) is not null) is not { } database) return new FileImageSource(places);
        if (places.Count > 1) throw new AtlException($"{database}: a database beside other sources of images, expected it alone");
        return new RecordImageSource(database, RecordDatabase.BackendAt(database)!.Value);
    }

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
