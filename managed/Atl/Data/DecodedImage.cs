using Atl.Proto;
using OpenCvSharp;

namespace Atl.Data;

/// <summary>An image as OpenCV decodes it (as Caffe does): bytes, interleaved, blue-green-red.</summary>
public sealed class DecodedImage : ItemImage
{
    private readonly Mat _mat;

    private DecodedImage(Mat mat) => _mat = mat;

    /// <summary>The image as OpenCV holds it, to read; it ends with this object.</summary>
    public Mat Mat => _mat;

    /// <inheritdoc/>
    public override unsafe PixelView View =>
        new(new ReadOnlySpan<byte>(_mat.DataPointer, checked((int)_mat.Total() * _mat.Channels())), _mat.Channels(), _mat.Rows, _mat.Cols, true);

    /// <summary>Decodes a JPEG, PNG or other image of OpenCV's and brings it to a size (both 0: its own) by bilinear interpolation.</summary>
    /// <exception cref="AtlException">The bytes are no image, are truncated, or hold more than 8 bits a channel.</exception>
    public static DecodedImage FromBytes(ReadOnlySpan<byte> encoded, ImageColor color, int height = 0, int width = 0) =>
        Decode(encoded, color, $"{encoded.Length} bytes").Resized(height, width);

    /// <summary>Reads an image file and brings it to a size (both 0: its own) by bilinear interpolation.</summary>
    /// <exception cref="AtlException">The file is missing or is no image.</exception>
    public static DecodedImage FromFile(string path, ImageColor color, int height = 0, int width = 0)
    {
        byte[] bytes = ReadFile(path);
        return Decode(bytes, color, $"image '{path}' of {bytes.Length} bytes").Resized(height, width);
    }

    /// <summary>The bytes of a raw Datum as an image of the channels asked for, brought to a size (both 0: its own) by bilinear interpolation.</summary>
    /// <exception cref="AtlException">The Datum's bytes do not fit its extents, or have neither one channel nor three or four.</exception>
    internal static unsafe DecodedImage FromPlanes(Datum datum, ImageColor color, int height = 0, int width = 0)
    {
        PixelView planes = new(datum.Data.Span, datum.Channels, datum.Height, datum.Width, false);
        if (planes.Channels is not (1 or 3 or 4)) throw new AtlException($"raw pixels of {planes.Channels} channels, expected 1, 3 or 4");
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
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AtlException(File.Exists(path)
                ? $"image '{path}' cannot be read: {e.Message}"
                : $"image '{PathText.Show(path)}' does not exist{PathText.Hint(path)}", e);
        }
    }

    /// <summary>The pixels (interleaved) of a part of the image, brought to a size by bilinear interpolation, and mirrored where asked.</summary>
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
    /// <exception cref="AtlException">OpenCV writes no files of this extension.</exception>
    public byte[] Encode(string extension)
    {
        try
        {
            Cv2.ImEncode("." + extension, _mat, out byte[] bytes);
            return bytes;
        }
        catch (OpenCVException e)
        {
            throw new AtlException($"images cannot be stored as '{extension}', expected a kind that OpenCV writes (png, jpg, ...)", e);
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _mat.Dispose();

    // This image where it has the size, else another, which ends this one.
    private DecodedImage Resized(int height, int width)
    {
        if (height <= 0 || width <= 0 || (_mat.Rows == height && _mat.Cols == width)) return this;
        using (this)
        {
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
            (ImageColor.Color, 4) => ColorConversionCodes.BGRA2BGR,
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
        if (BreaksOff(encoded)) throw new AtlException($"{what} break off before the image's end (truncated), {Expected}");
        Mat mat;
        try
        {
            mat = Cv2.ImDecode(encoded, Mode(color));
        }
        catch (OpenCVException e)
        {
            // As where the image says that it has more pixels than OpenCV takes.
            throw new AtlException($"{what} cannot be decoded as an image ({e.ErrMsg}), {Expected}", e);
        }
        if (!mat.Empty() && mat.Depth() == MatType.CV_8U) return new DecodedImage(mat);
        string found = mat.Empty() ? "cannot be decoded as an image" : $"hold an image of {8 * mat.ElemSize1()} bits a channel";
        mat.Dispose();
        throw new AtlException($"{what} {found}, {Expected}");
    }

    // OpenCV fills the missing part of a truncated image with grey and says nothing. In a whole JPEG an end marker follows the last scan
    // (within a scan no byte FF is followed by D9 or DA); a whole PNG has an IEND chunk.
    private static bool BreaksOff(ReadOnlySpan<byte> encoded)
    {
        if (encoded.StartsWith<byte>([0xFF, 0xD8])) return encoded.LastIndexOf<byte>([0xFF, 0xD9]) <= encoded.LastIndexOf<byte>([0xFF, 0xDA]);
        return encoded.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G']) && encoded.LastIndexOf("IEND"u8) < 0;
    }

    private static ImreadModes Mode(ImageColor color) => color switch
    {
        ImageColor.Color => ImreadModes.Color,
        ImageColor.Gray => ImreadModes.Grayscale,
        _ => ImreadModes.Unchanged,
    };
}
