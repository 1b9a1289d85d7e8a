using Atl.Data;
using Atl.Proto;

namespace Atl;

/// <summary>An image to run: pixels in memory, or a file's bytes that the process's <see cref="ImageDecoder"/>
/// decodes.</summary>
/// <remarks>Immutable as long as nobody writes the memory that it was made of; any number of threads may share
/// it.</remarks>
public sealed class ImageInput
{
    private readonly Func<ImageColor, DecodedImage>? _decode;
    private readonly ReadOnlyMemory<byte> _pixels;
    private readonly PixelFormat _format;
    private readonly int _height, _width, _stride;

    private ImageInput(Func<ImageColor, DecodedImage> decode) => _decode = decode;

    private ImageInput(ReadOnlyMemory<byte> pixels, int height, int width, PixelFormat format, int stride) =>
        (_pixels, _height, _width, _format, _stride) = (pixels, height, width, format, stride);

    /// <summary>An image of pixels in memory, row after row from the top; they are not copied.</summary>
    /// <param name="pixels">The pixels.</param>
    /// <param name="height">The rows.</param>
    /// <param name="width">The columns.</param>
    /// <param name="format">How a pixel's channels lie.</param>
    /// <param name="stride">The bytes from row to row; 0 for rows without a gap.</param>
    /// <exception cref="ArgumentException">The memory is smaller than the image.</exception>
    public static ImageInput FromPixels(ReadOnlyMemory<byte> pixels, int height, int width,
        PixelFormat format = PixelFormat.Bgr, int stride = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        long row = (long)width * BytesOf(format);
        if (stride == 0) stride = checked((int)row);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, row);
        long needed = ((long)stride * (height - 1)) + row;
        if (pixels.Length < needed)
            throw new ArgumentException($"an image of {height} x {width} (height x width) in {format} with {stride} "
                + $"bytes a row takes {needed} bytes, found {pixels.Length}", nameof(pixels));
        return new ImageInput(pixels, height, width, format, stride);
    }

    /// <summary>An image file (JPEG, PNG, ...).</summary>
    /// <exception cref="AtlException">The file is missing or cannot be read.</exception>
    public static ImageInput FromFile(string path)
    {
        EncodedImage image = EncodedImage.FromFile(path);
        return new ImageInput(color => image.Decode(color));
    }

    /// <summary>The bytes of an image file (JPEG, PNG, ...); they are not copied.</summary>
    public static ImageInput FromBytes(ReadOnlyMemory<byte> encoded) =>
        new(color => DecodedImage.FromBytes(encoded.Span, color));

    /// <summary>The image with the channels and in the order that a net takes.</summary>
    /// <param name="channels">The net's channels, 1 or 3.</param>
    /// <param name="order">The order of three.</param>
    /// <exception cref="AtlException">The image cannot be decoded, or has not these channels.</exception>
    internal ItemImage Open(int channels, ChannelOrder order)
    {
        if (_decode is not null)
        {
            DecodedImage decoded = _decode(channels == 1 ? ImageColor.Gray : ImageColor.Color);
            return channels == 1 || order == ChannelOrder.Bgr ? decoded : Reversed(decoded);
        }
        if (channels == 1 != (_format == PixelFormat.Gray))
            throw new AtlException($"an image in {_format} for an input of {channels} channels, expected "
                + $"{(channels == 1 ? PixelFormat.Gray : $"{PixelFormat.Bgr} or {PixelFormat.Rgb}")}");
        bool redFirst = _format is PixelFormat.Rgb or PixelFormat.Rgba;
        return Planes(_pixels.Span, _height, _width, BytesOf(_format), _stride, channels,
            reverse: channels == 3 && redFirst != (order == ChannelOrder.Rgb));
    }

    private static int BytesOf(PixelFormat format) => format switch
    {
        PixelFormat.Gray => 1,
        PixelFormat.Bgr or PixelFormat.Rgb => 3,
        PixelFormat.Bgra or PixelFormat.Rgba => 4,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "unknown format"),
    };

    private static RawImage Reversed(DecodedImage image)
    {
        using (image)
        {
            PixelView view = image.View;
            return Planes(view.Bytes, view.Height, view.Width, view.Channels, view.Width * view.Channels,
                view.Channels, reverse: true);
        }
    }

    // As Caffe's data is stored: one channel after another.
    private static RawImage Planes(ReadOnlySpan<byte> pixels, int height, int width, int bytes, int stride,
        int channels, bool reverse)
    {
        byte[] planes = new byte[checked(channels * height * width)];
        for (int c = 0, at = 0; c < channels; c++)
            for (int y = 0; y < height; y++)
            {
                ReadOnlySpan<byte> row = pixels[(y * stride)..];
                for (int x = 0, i = reverse ? channels - 1 - c : c; x < width; x++, i += bytes) planes[at++] = row[i];
            }
        return new RawImage(new Datum
        {
            Channels = channels,
            Height = height,
            Width = width,
            Data = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(planes),
        });
    }
}
