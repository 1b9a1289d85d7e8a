using Atl.Logging;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Data;

/// <summary>An image as OpenCV decodes it (as Caffe does): bytes, interleaved, blue-green-red.</summary>
public sealed class DecodedImage : ItemImage
{
    // What decoders put in the place of a block that is missing.
    private const byte MissingBlock = 128;

    private const string PngWarning = "libpng warning";

    private readonly Mat _mat;
    private long _budget;

    // What OpenCV has to say comes out as an exception or an empty result; its own lines would stand between ours.
    static DecodedImage() => Cv2.SetLogLevel(LogLevel.SILENT);

    // The pixels are those that DecodingBudget has given for the image.
    private DecodedImage(Mat mat, long budget = 0) => (_mat, _budget) = (mat, budget);

    /// <summary>The image as OpenCV holds it, to read; it ends with this object.</summary>
    public Mat Mat => _mat;

    /// <inheritdoc/>
    public override unsafe PixelView View =>
        new(new ReadOnlySpan<byte>(_mat.DataPointer, checked((int)_mat.Total() * _mat.Channels())), _mat.Channels(),
            _mat.Rows, _mat.Cols, true);

    /// <summary>Decodes a JPEG, PNG or other image of OpenCV's and brings it to a size (both 0: its own) by bilinear
    /// interpolation.</summary>
    /// <exception cref="AtlException">
    /// The bytes are no image, are truncated, hold more than 8 bits a channel, or the image or its new size has more
    /// pixels than <see cref="ImageLimits.MaxPixels"/>.
    /// </exception>
    public static DecodedImage FromBytes(ReadOnlySpan<byte> encoded, ImageColor color, int height = 0, int width = 0) =>
        FromBytes(encoded, color, height, width, $"{encoded.Length} bytes");

    /// <summary>Reads an image file and brings it to a size (both 0: its own) by bilinear interpolation.</summary>
    /// <exception cref="AtlException">The file is missing, or
    /// <see cref="FromBytes(ReadOnlySpan{byte}, ImageColor, int, int)"/> refuses it.</exception>
    public static DecodedImage FromFile(string path, ImageColor color, int height = 0, int width = 0) =>
        EncodedImage.FromFile(path).Decode(color, height, width);

    /// <summary><see cref="FromBytes(ReadOnlySpan{byte}, ImageColor, int, int)"/> of bytes that have a name in
    /// messages.</summary>
    internal static DecodedImage FromBytes(ReadOnlySpan<byte> encoded, ImageColor color, int height, int width,
        string what) =>
        Decode(encoded, color, what).Resized(height, width);

    /// <summary>The bytes of a raw Datum as an image of the channels asked for, brought to a size (both 0: its own) by
    /// bilinear interpolation.</summary>
    /// <exception cref="AtlException">The Datum's bytes do not fit its extents, or have neither one channel nor three
    /// or four.</exception>
    internal static unsafe DecodedImage FromPlanes(Datum datum, ImageColor color, int height = 0, int width = 0)
    {
        PixelView planes = new(datum.Data.Span, datum.Channels, datum.Height, datum.Width, false);
        ImageLimits.CheckPicture(planes.Width, planes.Height);
        if (planes.Channels is not (1 or 3 or 4))
            throw new AtlException($"raw pixels of {planes.Channels} channels, expected 1, 3 or 4");
        Mat mat = new(planes.Height, planes.Width, MatType.CV_8UC(planes.Channels));
        int area = planes.Height * planes.Width;
        Span<byte> pixels = new(mat.DataPointer, planes.Bytes.Length);
        for (int c = 0; c < planes.Channels; c++)
            for (int i = 0; i < area; i++) pixels[i * planes.Channels + c] = planes.Bytes[c * area + i];
        return new DecodedImage(mat).Recolored(color).Resized(height, width);
    }

    /// <summary>The bytes of an image file.</summary>
    /// <exception cref="AtlException">The file is missing or cannot be read.</exception>
    public static byte[] ReadFile(string path)
    {
        // A folder that cannot be read stands for the images in it.
        if (Path.EndsInDirectorySeparator(path) && !PathText.IsNoUtf8(path)) FolderWalk.CheckReadable(path);
        PathKinds.CheckRegular(PathText.Local(path), "an image");
        try
        {
            return File.ReadAllBytes(PathText.Local(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new AtlException(File.Exists(path)
                ? $"image '{path}' cannot be read: {e.Message}"
                : $"image '{PathText.Show(path)}' does not exist{PathText.Hint(path)}", e);
        }
    }

    /// <summary>The pixels (interleaved) of a part of the image, brought to a size by bilinear interpolation, and
    /// mirrored where asked.</summary>
    public byte[] ResizedPart(int x, int y, int width, int height, int newWidth, int newHeight, bool mirror)
    {
        using Mat part = new(_mat, new Rect(x, y, width, height)), resized = new();
        Cv2.Resize(part, resized, new Size(newWidth, newHeight));
        if (mirror) Cv2.Flip(resized, resized, FlipMode.Y);
        return new DecodedImage(resized).View.Bytes.ToArray();
    }

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
    /// <exception cref="AtlException">OpenCV writes no files of this extension, or none of the image's
    /// size.</exception>
    public byte[] Encode(string extension)
    {
        try
        {
            Cv2.ImEncode("." + extension, _mat, out byte[] bytes);
            if (bytes.Length > 0) return bytes;
            throw new AtlException($"an image of {_mat.Cols} x {_mat.Rows} pixels cannot be stored as '{extension}', "
                + "expected a size that such files may have");
        }
        catch (OpenCVException e)
        {
            throw new AtlException($"images cannot be stored as '{extension}', expected a kind that OpenCV writes "
                + "(png, jpg, ...)", e);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _mat.Dispose();
        DecodingBudget.Return(Interlocked.Exchange(ref _budget, 0));
    }

    // This image where it has the size, else another, which ends this one.
    private DecodedImage Resized(int height, int width)
    {
        if (height <= 0 || width <= 0 || (_mat.Rows == height && _mat.Cols == width)) return this;
        using (this)
        {
            ImageLimits.CheckTarget(width, height);
            Mat resized = new();
            Cv2.Resize(_mat, resized, new Size(width, height));
            return new DecodedImage(resized);
        }
    }

    private DecodedImage Recolored(ImageColor color)
    {
        ColorConversionCodes? code = (color, _mat.Channels()) switch
        {
            (ImageColor.Gray, 3) => ColorConversionCodes.BGR2GRAY,
            (ImageColor.Gray, 4) => ColorConversionCodes.BGRA2GRAY,
            (ImageColor.Color, 1) => ColorConversionCodes.GRAY2BGR,
            (ImageColor.Color or ImageColor.GrayOrColor, 4) => ColorConversionCodes.BGRA2BGR,
            _ => null,
        };
        if (code is not { } conversion) return this;
        using (this)
        {
            Mat recolored = new();
            Cv2.CvtColor(_mat, recolored, conversion);
            return new DecodedImage(recolored);
        }
    }

    private static DecodedImage Decode(ReadOnlySpan<byte> encoded, ImageColor color, string what)
    {
        const string Expected = "expected an image of 8 bits a channel (JPEG, PNG, ...)";
        if (encoded.IsEmpty) throw new AtlException($"{what}, {Expected}");
        ImageHeader? header = ImageHeader.Read(encoded);
        ReadOnlySpan<byte> whole;
        try
        {
            if (header is { } size) ImageLimits.CheckPicture(size.Width, size.Height);
            whole = Whole(encoded);
        }
        catch (AtlException e)
        {
            throw new AtlException($"{what}: {e.Message}", e);
        }
        if (whole.IsEmpty) throw Truncated();
        if (header is not { } known) throw new AtlException($"{what} cannot be decoded as an image, {Expected}");
        long pixels = known.Width * known.Height;
        DecodingBudget.Take(pixels);
        try
        {
            DecodedImage image = new(Open(whole, known, color, what, Expected), pixels);
            // The image gives them back.
            pixels = 0;
            if (!IsFilledUp(encoded, image.View)) return image;
            image.Dispose();
            throw Truncated();
        }
        finally
        {
            DecodingBudget.Return(pixels);
        }

        AtlException Truncated() => new($"{what} break off before the image's end (truncated), {Expected}");
    }

    // The pixels of whole bytes, in 8 bits a channel.
    private static Mat Open(ReadOnlySpan<byte> whole, ImageHeader header, ImageColor color, string what,
        string expected)
    {
        Mat mat;
        string[] said = [];
        DecoderMessages.Begin();
        try
        {
            mat = Cv2.ImDecode(whole, Mode(color));
        }
        catch (OpenCVException e)
        {
            throw new AtlException($"{what} cannot be decoded as an image ({e.ErrMsg}), {expected}", e);
        }
        finally
        {
            said = DecoderMessages.End();
        }
        // A picture that became larger than its header says would have passed the limits by.
        bool isWhatHeaderSays = !mat.Empty() && mat.Total() <= header.Width * header.Height;
        if (isWhatHeaderSays && mat.Depth() == MatType.CV_8U)
        {
            // libpng warns of what stands beside the pixels, libjpeg of pixels that it had to guess.
            if (Array.Find(said, line => !line.StartsWith(PngWarning, StringComparison.Ordinal)) is { } doubt)
                Log.Warning($"{what}: {doubt}: parts of the picture may be wrong");
            return mat;
        }
        int bits = isWhatHeaderSays ? 8 * (int)mat.ElemSize1() : 0;
        mat.Dispose();
        if (bits > 0) throw new ImageDepthException($"{what} hold an image of {bits} bits a channel, {expected}", bits);
        string why = said is [.., var last] ? $" ({last})" : "";
        throw new AtlException($"{what} cannot be decoded as an image{why}, {expected}");
    }

    // The bytes up to the image's end; empty where they break off before. OpenCV fills what is missing with grey and
    // says nothing.
    private static ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> encoded) => JpegFile.Is(encoded)
        ? JpegFile.Whole(encoded)
        : PngFile.Is(encoded) && PngFile.BreaksOff(encoded) ? default
        : encoded;

    // An end marker alone makes no whole JPEG: its last block, wherever an orientation has turned it, must not be grey
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

    private static ImreadModes Mode(ImageColor color) => color switch
    {
        ImageColor.Color => ImreadModes.Color,
        ImageColor.Gray => ImreadModes.Grayscale,
        ImageColor.GrayOrColor => ImreadModes.AnyColor,
        _ => ImreadModes.Unchanged,
    };
}
