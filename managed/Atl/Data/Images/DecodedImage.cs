using Atl.Logging;
using Atl.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Data;

/// <summary>
/// An image in memory, decoded by the process's <see cref="ImageDecoder"/>: bytes, interleaved, blue-green-red. What it
/// is made of is checked here, whichever library decodes.
/// </summary>
public abstract class DecodedImage : ItemImage
{
    // What decoders put in the place of a block that is missing.
    private const byte MissingBlock = 128;

    // The pixels that DecodingBudget has given for the image.
    private long _budget;

    /// <summary>The decoder's warning about pixels that it had to guess; null if there is none.</summary>
    public string? Doubt { get; init; }

    /// <summary>Decodes a JPEG, PNG or other image and brings it to a size (both 0: its own) by bilinear
    /// interpolation.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="color">Which channels are wanted.</param>
    /// <param name="height">The height that is wanted; 0 for its own.</param>
    /// <param name="width">The width that is wanted; 0 for its own.</param>
    /// <param name="logger">The logger that is warned of an image with a <see cref="Doubt"/>; null for none.</param>
    /// <exception cref="AtlException">
    /// The bytes are no image, are truncated, hold more than 8 bits a channel, the image or its new size has more
    /// pixels than <see cref="ImageLimits.MaxPixels"/>, or the process has no <see cref="ImageDecoder"/>.
    /// </exception>
    public static DecodedImage FromBytes(ReadOnlySpan<byte> encoded, ImageColor color, int height = 0, int width = 0,
        ILogger? logger = null) =>
        FromBytes(encoded, color, height, width, $"{encoded.Length} bytes", logger);

    /// <summary>Reads an image file and brings it to a size (both 0: its own) by bilinear interpolation.</summary>
    /// <param name="path">The file.</param>
    /// <param name="color">Which channels are wanted.</param>
    /// <param name="height">The height that is wanted; 0 for its own.</param>
    /// <param name="width">The width that is wanted; 0 for its own.</param>
    /// <param name="logger">The logger that is warned of an image with a <see cref="Doubt"/>; null for none.</param>
    /// <exception cref="AtlException">The file is missing, or
    /// <see cref="FromBytes(ReadOnlySpan{byte}, ImageColor, int, int, ILogger)"/> refuses it.</exception>
    public static DecodedImage FromFile(string path, ImageColor color, int height = 0, int width = 0,
        ILogger? logger = null) =>
        EncodedImage.FromFile(path).Decode(color, height, width, logger);

    /// <summary><see cref="FromBytes(ReadOnlySpan{byte}, ImageColor, int, int, ILogger)"/> of bytes that have a name in
    /// messages.</summary>
    internal static DecodedImage FromBytes(ReadOnlySpan<byte> encoded, ImageColor color, int height, int width,
        string what, ILogger? logger) =>
        Decode(encoded, color, what, logger ?? NullLogger.Instance).Resized(height, width);

    /// <summary>The bytes of a raw Datum as an image of the channels asked for, brought to a size (both 0: its own) by
    /// bilinear interpolation.</summary>
    /// <exception cref="AtlException">The Datum's bytes do not fit its extents, or have neither one channel nor three
    /// or four.</exception>
    internal static DecodedImage FromPlanes(Datum datum, ImageColor color, int height = 0, int width = 0)
    {
        PixelView planes = new(datum.Data.Span, datum.Channels, datum.Height, datum.Width, false);
        ImageLimits.CheckImage(planes.Width, planes.Height);
        if (planes.Channels is not (1 or 3 or 4))
            throw new AtlException($"raw pixels of {planes.Channels} channels, expected 1, 3 or 4");
        return ImageDecoder.Required().FromPlanes(planes, color).Resized(height, width);
    }

    /// <summary>The bytes of an image file.</summary>
    /// <exception cref="AtlException">The file is missing or cannot be read.</exception>
    internal static byte[] ReadFile(string path)
    {
        // A folder that cannot be read stands for the images in it.
        if (Path.EndsInDirectorySeparator(path) && !PathText.IsNoUtf8(path)) FolderWalk.CheckReadable(path);
        PathKinds.CheckRegular(PathText.Local(path), "an image");
        try
        {
            return File.ReadAllBytes(PathText.Local(path));
        }
        catch (Exception e) when (FileFault.Is(e) || e is ArgumentException)
        {
            throw new AtlException(File.Exists(path)
                ? $"image '{path}' cannot be read: {e.Message}"
                : $"image '{PathText.Show(path)}' does not exist{PathText.Hint(path)}", e);
        }
    }

    /// <summary>The pixels (interleaved) of a part of the image, brought to a size by bilinear interpolation, and
    /// mirrored where asked.</summary>
    public abstract byte[] ResizedPart(int x, int y, int width, int height, int newWidth, int newHeight, bool mirror);

    /// <summary>The image as a raw Datum without a label: planar, blue first.</summary>
    public Datum ToDatum()
    {
        PixelView view = View;
        int area = view.Height * view.Width;
        byte[] planes = new byte[view.Bytes.Length];
        for (int i = 0, pixel = 0; pixel < area; pixel++)
            for (int c = 0; c < view.Channels; c++) planes[c * area + pixel] = view.Bytes[i++];
        return new Datum
        {
            Channels = view.Channels,
            Height = view.Height,
            Width = view.Width,
            Data = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(planes),
        };
    }

    /// <summary>The image compressed, as a file of this extension would be ("png", "jpg").</summary>
    /// <exception cref="AtlException">The decoder's library writes no files of this extension, or none of the image's
    /// size.</exception>
    public abstract byte[] Encode(string extension);

    /// <inheritdoc/>
    public override void Dispose()
    {
        DecodingBudget.Return(Interlocked.Exchange(ref _budget, 0));
        GC.SuppressFinalize(this);
    }

    /// <summary>Another image: this one brought to a size by bilinear interpolation.</summary>
    protected abstract DecodedImage Resize(int height, int width);

    // This image where it has the size, else another, which ends this one.
    private DecodedImage Resized(int height, int width)
    {
        PixelView view = View;
        if (height <= 0 || width <= 0 || (view.Height == height && view.Width == width)) return this;
        using (this)
        {
            ImageLimits.CheckTarget(width, height);
            return Resize(height, width);
        }
    }

    private static DecodedImage Decode(ReadOnlySpan<byte> encoded, ImageColor color, string what,
        ILogger logger)
    {
        if (encoded.IsEmpty) throw new AtlException($"{what}, {ImageDecoder.Expected}");
        ImageHeader? header = ImageHeader.Read(encoded);
        ReadOnlySpan<byte> whole;
        try
        {
            if (header is { } size) ImageLimits.CheckImage(size.Width, size.Height);
            whole = Whole(encoded);
        }
        catch (AtlException e)
        {
            throw new AtlException($"{what}: {e.Message}", e);
        }
        if (whole.IsEmpty) throw Truncated();
        if (header is not { } known)
            throw new AtlException($"{what} cannot be decoded as an image, {ImageDecoder.Expected}");
        long pixels = known.Width * known.Height;
        IImageDecoder decoder = ImageDecoder.Required();
        DecodingBudget.Take(pixels);
        try
        {
            DecodedImage image = decoder.Decode(whole, color, pixels, what);
            // The image gives them back.
            (image._budget, pixels) = (pixels, 0);
            if (image.Doubt is { } doubt)
                logger.Warning("open_cv_image.cpp", $"{what}: {doubt}: parts of the image may be wrong");
            if (!IsFilledUp(encoded, image.View)) return image;
            image.Dispose();
            throw Truncated();
        }
        finally
        {
            DecodingBudget.Return(pixels);
        }

        AtlException Truncated() =>
            new($"{what} break off before the image's end (truncated), {ImageDecoder.Expected}");
    }

    // The bytes up to the image's end; empty where they break off before. Decoders fill what is missing with gray and
    // say nothing.
    private static ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> encoded) => JpegFile.Is(encoded)
        ? JpegFile.Whole(encoded)
        : PngFile.Is(encoded) && PngFile.BreaksOff(encoded) ? default
        : encoded;

    // An end marker alone makes no whole JPEG: its last block, wherever an orientation has turned it, must not be gray
    // for want of data.
    private static bool IsFilledUp(ReadOnlySpan<byte> encoded, PixelView view) =>
        JpegFile.Is(encoded) && HasGreyCorner(view) && JpegFile.LacksBlocks(encoded);

    private static bool HasGreyCorner(PixelView view)
    {
        int right = view.Width - 1, bottom = view.Width * (view.Height - 1);
        foreach (int pixel in (ReadOnlySpan<int>)[bottom + right, bottom, right, 0])
            if (view.Bytes.Slice(pixel * view.Channels, view.Channels).IndexOfAnyExcept(MissingBlock) < 0)
                return true;
        return false;
    }
}
