using Atl.Data;
using Atl.Face.Faces;
using Microsoft.Extensions.Logging;

namespace Atl.Face.Extraction;

/// <summary>Image files, found by <see cref="ImageFiles"/>.</summary>
internal sealed class FileImageSource : ImageSource
{
    private readonly IReadOnlyList<ImageFile> _files;
    private readonly ILogger? _logger;

    public FileImageSource(IReadOnlyList<string> places, ILogger? logger)
    {
        _files = ImageFiles.Find(places, out int passedOver, logger: logger);
        _logger = logger;
        PassedOver = passedOver;
    }

    public override long? Count => _files.Count;

    public override IEnumerable<SourceImage> Images() => _files.Select(file => new FileImage(file, _logger));

    private sealed record FileImage(ImageFile File, ILogger? Logger) : SourceImage(File.Name, File.Label)
    {
        public override ItemImage Open(ImageColor color, int height, int width) =>
            DecodedImage.FromFile(File.Path, color, height, width, Logger);
    }
}
