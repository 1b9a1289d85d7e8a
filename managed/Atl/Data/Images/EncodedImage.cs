using Microsoft.Extensions.Logging;

namespace Atl.Data;

/// <summary>The bytes of an image file, read and not yet decoded.</summary>
internal sealed class EncodedImage
{
    private readonly byte[] _bytes;
    private readonly string _path;

    private EncodedImage(byte[] bytes, string path) => (_bytes, _path) = (bytes, path);

    /// <summary>
    /// Whether the image is so large that few are held decoded at once (over 4 megapixels): decoding it may wait until
    /// other threads have let theirs go, so a thread holds no other large one then.
    /// </summary>
    public bool IsLarge =>
        ImageHeader.Read(_bytes) is { } header && header.Width * (double)header.Height > DecodingBudget.SmallPixels;

    /// <summary>Reads a file.</summary>
    /// <exception cref="Atl.Proto.AtlException">It is missing or cannot be read.</exception>
    public static EncodedImage FromFile(string path) => new(DecodedImage.ReadFile(path), path);

    /// <summary>Decodes the image and brings it to a size (both 0: its own) by bilinear interpolation.</summary>
    /// <param name="color">Which channels are wanted.</param>
    /// <param name="height">The height that is wanted; 0 for its own.</param>
    /// <param name="width">The width that is wanted; 0 for its own.</param>
    /// <param name="logger">The logger that is warned of an image with a <see cref="DecodedImage.Doubt"/>; null for
    /// none.</param>
    /// <exception cref="Atl.Proto.AtlException">
    /// <see cref="DecodedImage.FromBytes(ReadOnlySpan{byte}, ImageColor, int, int, ILogger)"/> refuses it.
    /// </exception>
    public DecodedImage Decode(ImageColor color, int height = 0, int width = 0, ILogger? logger = null) =>
        DecodedImage.FromBytes(_bytes, color, height, width, $"image '{_path}' of {_bytes.Length} bytes", logger);
}
