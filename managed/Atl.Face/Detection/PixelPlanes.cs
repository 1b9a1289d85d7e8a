using OpenCvSharp;

namespace Atl.Face.Detection;

/// <summary>The steps from pixels to a net's input.</summary>
/// <param name="Mean">What is subtracted from each byte.</param>
/// <param name="Scale">What the difference is multiplied by.</param>
/// <param name="Rgb">Whether the planes are red, green, blue; else blue, green, red.</param>
/// <param name="Transposed">Whether rows of the input are columns of the image, as for nets trained from
/// MATLAB.</param>
internal readonly record struct PixelPlanes(float Mean, float Scale, bool Rgb, bool Transposed)
{
    /// <summary>Writes the three planes of a blue-green-red image.</summary>
    public unsafe void Write(Mat image, Span<float> planes)
    {
        using Mat? turned = Transposed ? image.Transpose() : null;
        Mat source = turned ?? image;
        int rows = source.Rows, columns = source.Cols, plane = rows * columns;
        for (int channel = 0; channel < 3; channel++)
        {
            Span<float> target = planes.Slice((Rgb ? 2 - channel : channel) * plane, plane);
            for (int row = 0; row < rows; row++)
            {
                byte* pixel = (byte*)source.Ptr(row) + channel;
                Span<float> to = target.Slice(row * columns, columns);
                for (int column = 0; column < to.Length; column++, pixel += 3) to[column] = (*pixel - Mean) * Scale;
            }
        }
    }
}
