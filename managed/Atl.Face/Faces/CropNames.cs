using Atl.Proto;

namespace Atl.Face.Faces;

/// <summary>
/// The paths of crops made from images: in a folder, in the tree of the images' names, with an extension of their own.
/// Of images whose names differ in the extension only, all but the first keep theirs: a.jpg becomes a.png, and a.bmp
/// becomes a.bmp.png.
/// </summary>
internal sealed class CropNames
{
    /// <summary>Why an image has no crop of whose names, with and without the extension, others have both.</summary>
    internal const string Taken = "other images have its output name, with and without the extension";

    private readonly Dictionary<(string, string), string> _files = [];
    private readonly List<ImageFile> _kept = [];
    private readonly Dictionary<(string, string), string> _faults = [];

    /// <summary>Names the crops of images.</summary>
    /// <param name="images">The images; one that is repeated has one crop.</param>
    /// <param name="folder">The folder that the crops go into.</param>
    /// <param name="extension">The crops' extension, with its dot.</param>
    /// <exception cref="AtlException">A crop would replace an image.</exception>
    public CropNames(IEnumerable<ImageFile> images, string folder, string extension)
    {
        string root = Path.GetFullPath(folder);
        HashSet<string> taken = [];
        List<ImageFile> second = [];
        HashSet<(string, string)> seen = [];
        foreach (ImageFile image in images)
        {
            string plain = Path.GetFullPath(Path.Combine(root, Path.ChangeExtension(image.Name, extension)));
            if (!ImageFiles.IsWithin(Path.GetDirectoryName(plain), Path.TrimEndingDirectorySeparator(root)))
                _faults[Key(image)] =
                    $"the image {image.Path} is called '{image.Name}', which is outside {folder}; expected a path "
                        + "below it";
            if (!seen.Add(Key(image)) || _faults.ContainsKey(Key(image))) continue;
            if (taken.Add(plain)) _files[Key(image)] = plain;
            else second.Add(image);
        }
        foreach (ImageFile image in second)
        {
            string whole = Path.GetFullPath(Path.Combine(root, image.Name + extension));
            if (!taken.Add(whole))
            {
                _faults[Key(image)] = Taken;
                continue;
            }
            _files[Key(image)] = whole;
            _kept.Add(image);
        }
        RefuseOverImages(seen, folder);
    }

    /// <summary>
    /// The images whose crops keep the image's extension, since another image has the name without it.
    /// </summary>
    public IReadOnlyList<ImageFile> Kept => _kept;

    /// <summary>
    /// Why an image has no crop: its name leads out of the folder, or other images have both names that it may take;
    /// null where it has one.
    /// </summary>
    public string? Fault(ImageFile image) => _faults.GetValueOrDefault(Key(image));

    /// <summary>The file of an image's crop; null where <see cref="Fault"/> says why it has none.</summary>
    public string? Of(ImageFile image) => _files.GetValueOrDefault(Key(image));

    /// <summary>The key that distinguishes images: the file's path, and its name.</summary>
    public static (string Path, string Name) Key(ImageFile image) => (Path.GetFullPath(image.Path), image.Name);

    private void RefuseOverImages(IEnumerable<(string Path, string Name)> images, string folder)
    {
        HashSet<string> pictures = [.. _files.Values];
        if (images.Select(image => image.Path).FirstOrDefault(pictures.Contains) is { } image)
            throw new AtlException($"an output would overwrite the image {image}; expected another folder than "
                + $"{folder}");
    }
}
