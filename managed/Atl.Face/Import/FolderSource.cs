using Atl.Data;
using Atl.Face.Faces;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Face.Import;

/// <summary>A tree with a folder for each identity: an image shows whom its folder is named after.</summary>
internal sealed class FolderSource : ImportSource
{
    private readonly IReadOnlyList<ImageFile> _files;

    private FolderSource(IReadOnlyList<ImageFile> files) => _files = files;

    /// <summary>Finds the images below a folder, sorted by path.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="logger">The logger that is warned of skipped folders; null for none.</param>
    /// <exception cref="AtlException">There is none, or all lie in the folder itself and so are nobody's; one that does
    /// is a fault.</exception>
    public static FolderSource Open(string folder, ILogger? logger = null)
    {
        IReadOnlyList<ImageFile> files = ImageFiles.Search([folder], out IReadOnlyList<string> passedOver,
            logger: logger);
        ImageFile[] known = [.. files.Where(file => file.Folder.Length > 0)];
        if (known.Length == 0)
            throw new AtlException($"{folder}: all {files.Count} images are outside identity folders "
                + $"('{files[0].Name}'{(files.Count > 1 ? ", …" : "")}), expected one folder per identity");
        return new FolderSource(known)
        {
            Items = [.. known.Select(file => new ImportItem(file.Name, file.Folder))],
            Faults =
            [
                .. files.Where(file => file.Folder.Length == 0).Select(file => Fault(
                    file.Name, $"{folder}: '{file.Name}' is outside all identity folders, expected one folder per "
                        + "identity")),
            ],
            IsNumbered = false,
            PassedOver = [.. passedOver.Select(file => ImageFiles.NameBelow(folder, file))],
        };
    }

    /// <inheritdoc/>
    public override byte[] Read(int index) => DecodedImage.ReadFile(_files[index].Path);
}
