using System.Runtime.InteropServices;
using OpenCvSharp;

namespace Atl.Face.Datasets;

/// <summary>Faces as image files.</summary>
internal static class FaceImage
{
    private const int JpegQuality = 90;

    /// <summary>The face as a PNG file.</summary>
    /// <exception cref="ArgumentException">The sample is neither gray nor color, or has not as many bytes as its shape
    /// says.</exception>
    public static byte[] Png(FaceSample sample)
    {
        using Mat image = Image(sample);
        return image.ImEncode(".png");
    }

    /// <summary>The face as a JPEG file of a size, made smaller by the mean of the pixels that become one.</summary>
    /// <exception cref="ArgumentException">The sample is neither gray nor color, or has not as many bytes as its shape
    /// says.</exception>
    public static byte[] Jpeg(FaceSample sample, int width, int height)
    {
        using Mat image = Image(sample), sized = new();
        Cv2.Resize(image, sized, new Size(width, height), interpolation: InterpolationFlags.Area);
        return sized.ImEncode(".jpg", new ImageEncodingParam(ImwriteFlags.JpegQuality, JpegQuality));
    }

    private static Mat Image(FaceSample sample)
    {
        int plane = sample.Height * sample.Width;
        if (sample.Channels is not (1 or 3) || sample.Pixels.Length != sample.Channels * plane)
        {
            throw new ArgumentException(
                $"an image of {sample.Channels} × {sample.Height} × {sample.Width} with {sample.Pixels.Length} bytes; "
                    + "expected 1 or 3 channels and channels · height · width bytes");
        }

        byte[] interleaved = new byte[sample.Pixels.Length];
        for (int channel = 0; channel < sample.Channels; channel++)
        {
            for (int i = 0; i < plane; i++)
                interleaved[(i * sample.Channels) + channel] = sample.Pixels[(channel * plane) + i];
        }

        var image = new Mat(sample.Height, sample.Width, sample.Channels == 3 ? MatType.CV_8UC3 : MatType.CV_8UC1);
        Marshal.Copy(interleaved, 0, image.Data, interleaved.Length);
        return image;
    }
}
