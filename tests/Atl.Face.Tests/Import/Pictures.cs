using OpenCvSharp;

namespace Atl.Face.Tests.Import;

/// <summary>Small pictures that differ.</summary>
internal static class Pictures
{
    /// <summary>A PNG of one colour; each number has its own bytes.</summary>
    public static byte[] Png(int number, int size = 8)
    {
        using Mat mat = new(size, size, MatType.CV_8UC3, new Scalar(number % 256, number / 256, 7));
        return mat.ImEncode(".png");
    }
}
