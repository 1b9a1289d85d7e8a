using Atl.Data;
using Atl.Face.Faces;

namespace Atl.Face.Extraction;

/// <summary>Image files, found by <see cref="ImageFiles"/>.</summary>
internal sealed class FileImageSource : ImageSource
{
    private readonly IReadOnlyList<ImageFile> _files;

    public FileImageSource(IReadOnlyList<string> places)
    {
        _files = ImageFiles.Find(places, out int passedOver);
        PassedOver = passedOver;
    }

    public override long? Count => _files.Count;

    public override IEnumerable<SourceImage> Images() => _files.Select(file => new FileImage(file));

    private sealed record FileImage(ImageFile File) : SourceImage(File.Name, File.Label)
    {
        public override ItemImage Open(ImageColor color, int height, int width) =>
            DecodedImage.FromFile(File.Path, color, height, width);
    }
}
