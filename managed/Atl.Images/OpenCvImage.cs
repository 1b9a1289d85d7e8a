using Atl.Data;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Images;

/// <summary>An image as OpenCV decodes it (as Caffe does): bytes, interleaved, blue-green-red.</summary>
internal sealed class OpenCvImage : DecodedImage
{
    private const string PngWarning = "libpng warning";

    private readonly Mat _mat;

    // What OpenCV has to say comes out as an exception or an empty result; its own lines would stand between ours.
    static OpenCvImage() => Cv2.SetLogLevel(LogLevel.SILENT);

    private OpenCvImage(Mat mat) => _mat = mat;

    /// <summary>The image as OpenCV holds it, to read; it ends with this object.</summary>
    public Mat Mat => _mat;

    /// <inheritdoc/>
    public override unsafe PixelView View =>
        new(new ReadOnlySpan<byte>(_mat.DataPointer, checked((int)_mat.Total() * _mat.Channels())), _mat.Channels(),
            _mat.Rows, _mat.Cols, true);

    /// <summary><see cref="OpenCvDecoder.Decode"/>.</summary>
    public static OpenCvImage Decode(ReadOnlySpan<byte> encoded, ImageColor color, long maxPixels, string what) =>
        new(Open(encoded, color, maxPixels, what, out string? doubt)) { Doubt = doubt };

    /// <summary><see cref="OpenCvDecoder.FromPlanes"/>.</summary>
    public static unsafe OpenCvImage FromPlanes(PixelView planes, ImageColor color)
    {
        Mat mat = new(planes.Height, planes.Width, MatType.CV_8UC(planes.Channels));
        int area = planes.Height * planes.Width;
        Span<byte> pixels = new(mat.DataPointer, planes.Bytes.Length);
        for (int c = 0; c < planes.Channels; c++)
            for (int i = 0; i < area; i++) pixels[i * planes.Channels + c] = planes.Bytes[c * area + i];
        return new OpenCvImage(mat).Recolored(color);
    }

    /// <inheritdoc/>
    public override byte[] ResizedPart(int x, int y, int width, int height, int newWidth, int newHeight, bool mirror)
    {
        using Mat part = new(_mat, new Rect(x, y, width, height)), resized = new();
        Cv2.Resize(part, resized, new Size(newWidth, newHeight));
        if (mirror) Cv2.Flip(resized, resized, FlipMode.Y);
        return new OpenCvImage(resized).View.Bytes.ToArray();
    }

    /// <inheritdoc/>
    public override byte[] Encode(string extension)
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
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override DecodedImage Resize(int height, int width)
    {
        Mat resized = new();
        Cv2.Resize(_mat, resized, new Size(width, height));
        return new OpenCvImage(resized);
    }

    private OpenCvImage Recolored(ImageColor color)
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
            return new OpenCvImage(recolored);
        }
    }

    // The pixels of whole bytes, in 8 bits a channel.
    private static Mat Open(ReadOnlySpan<byte> encoded, ImageColor color, long maxPixels, string what,
        out string? doubt)
    {
        Mat mat;
        string[] said = [];
        DecoderMessages.Begin();
        try
        {
            mat = Cv2.ImDecode(encoded, Mode(color));
        }
        catch (OpenCVException e)
        {
            throw new AtlException($"{what} cannot be decoded as an image ({e.ErrMsg}), {ImageDecoder.Expected}", e);
        }
        finally
        {
            said = DecoderMessages.End();
        }
        // An image that became larger than its header says would have passed the limits by.
        bool isWhatHeaderSays = !mat.Empty() && mat.Total() <= maxPixels;
        if (isWhatHeaderSays && mat.Depth() == MatType.CV_8U)
        {
            // libpng warns of what stands beside the pixels, libjpeg of pixels that it had to guess.
            doubt = Array.Find(said, line => !line.StartsWith(PngWarning, StringComparison.Ordinal));
            return mat;
        }
        int bits = isWhatHeaderSays ? 8 * (int)mat.ElemSize1() : 0;
        mat.Dispose();
        if (bits > 0)
            throw new ImageDepthException(
                $"{what} hold an image of {bits} bits a channel, {ImageDecoder.Expected}", bits);
        string why = said is [.., var last] ? $" ({last})" : "";
        throw new AtlException($"{what} cannot be decoded as an image{why}, {ImageDecoder.Expected}");
    }

    private static ImreadModes Mode(ImageColor color) => color switch
    {
        ImageColor.Color => ImreadModes.Color,
        ImageColor.Gray => ImreadModes.Grayscale,
        ImageColor.GrayOrColor => ImreadModes.AnyColor,
        _ => ImreadModes.Unchanged,
    };
}
