using System.Runtime.InteropServices;
using Atl.Face.Datasets;
using OpenCvSharp;

namespace Atl.Face.Report;

/// <summary>Pictures inside a page.</summary>
internal static class ReportPicture
{
    /// <summary>The picture as a data: address (JPEG: a tenth of the PNG's size for pictures with sensor noise).</summary>
    /// <exception cref="ArgumentException">The sample is neither grey nor colour, or has not as many bytes as its shape says.</exception>
    public static string DataUri(FaceSample sample)
    {
        int plane = sample.Height * sample.Width;
        if (sample.Channels is not (1 or 3) || sample.Pixels.Length != sample.Channels * plane)
        {
            throw new ArgumentException(
                $"a picture of {sample.Channels} × {sample.Height} × {sample.Width} with {sample.Pixels.Length} bytes; expected 1 or 3 channels and channels · height · width bytes");
        }

        var interleaved = new byte[sample.Pixels.Length];
        for (int channel = 0; channel < sample.Channels; channel++)
        {
            for (int i = 0; i < plane; i++)
                interleaved[(i * sample.Channels) + channel] = sample.Pixels[(channel * plane) + i];
        }

        using var image = new Mat(sample.Height, sample.Width, sample.Channels == 3 ? MatType.CV_8UC3 : MatType.CV_8UC1);
        Marshal.Copy(interleaved, 0, image.Data, interleaved.Length);
        return "data:image/jpeg;base64," + Convert.ToBase64String(image.ImEncode(".jpg", new ImageEncodingParam(ImwriteFlags.JpegQuality, 90)));
    }
}
