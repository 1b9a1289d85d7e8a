using Atl.Data;
using Atl.Face.Faces;
using Atl.Proto;

namespace Atl.Face.Import;

/// <summary>A tree with a folder for each person: a picture shows whom its folder is named after.</summary>
public sealed class FolderSource : ImportSource
{
    private readonly IReadOnlyList<ImageFile> _files;

    private FolderSource(IReadOnlyList<ImageFile> files) => _files = files;

    /// <summary>Finds the pictures below a folder, sorted by path.</summary>
    /// <exception cref="AtlException">There is none, or one lies in the folder itself and so is nobody's.</exception>
    public static FolderSource Open(string folder)
    {
        IReadOnlyList<ImageFile> files = ImageFiles.Search([folder], out IReadOnlyList<string> passedOver);
        string[] nobody = [.. files.Select(file => file.Name).Where(name => !name.Contains('/'))];
        if (nobody.Length > 0)
            throw new AtlException($"{folder}: {nobody.Length} pictures are in no person's folder ('{nobody[0]}'{(nobody.Length > 1 ? ", …" : "")}), "
                + "expected a folder for each person");
        return new FolderSource(files)
        {
            Items = [.. files.Select(file => new ImportItem(file.Name, file.Name[..file.Name.LastIndexOf('/')]))],
            IsNumbered = false,
            PassedOver = [.. passedOver.Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))],
        };
    }

    /// <inheritdoc/>
    public override byte[] Read(int index) => DecodedImage.ReadFile(_files[index].Path);
}
