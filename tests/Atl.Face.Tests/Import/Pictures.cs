using OpenCvSharp;

namespace Atl.Face.Tests.Import;

/// <summary>Small images that differ.</summary>
internal static class Pictures
{
    /// <summary>A PNG of one color; each number has its own bytes.</summary>
    public static byte[] Png(int number, int size = 8)
    {
        using Mat mat = new(size, size, MatType.CV_8UC3, new Scalar(number % 256, number / 256, 7));
        return mat.ImEncode(".png");
    }

    /// <summary>A PNG of 8 × 6 pixels of any type of OpenCV's.</summary>
    public static byte[] PngOf(MatType type)
    {
        int unit = type.Depth == MatType.CV_16U ? 256 : 1;
        using Mat mat = new(6, 8, type, new Scalar(200 * unit, 100 * unit, 50 * unit, 255 * unit));
        return mat.ImEncode(".png");
    }

    /// <summary>A GIF of one pixel, as GIF89a describes it.</summary>
    public static byte[] Gif() =>
    [
        .. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 10, 20, 30, 255, 255, 255, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44,
            1, 0, 0x3B,
    ];

    /// <summary>A JPEG of 24 × 16 pixels whose Exif data say that it is upright when it is turned by a quarter
    /// (orientation 6).</summary>
    public static byte[] TurnedJpeg()
    {
        using Mat mat = new(16, 24, MatType.CV_8UC3, new Scalar(10, 100, 200));
        byte[] jpeg = mat.ImEncode(".jpg");
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6,
            0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }
}
