using Atl.Data;

namespace Atl.Face.Datasets;

/// <summary>A thumbnail small enough to lie inside a record or a page.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Jpeg">The JPEG file in Base64 (a tenth of the PNG's size for thumbnails with sensor noise).</param>
internal sealed record Thumbnail(int Width, int Height, string Jpeg)
{
    /// <summary>The longer side of larger thumbnails.</summary>
    public const int LongestSide = 112;

    /// <summary>The thumbnail as a data: address.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string DataUri => "data:image/jpeg;base64," + Jpeg;

    /// <summary>A face, brought to <see cref="LongestSide"/> where it is larger.</summary>
    /// <exception cref="ArgumentException">It is neither gray nor color, or has not as many bytes as its shape
    /// says.</exception>
    public static Thumbnail Of(FaceSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        double scale = Math.Min(1, (double)LongestSide / Math.Max(sample.Width, sample.Height));
        int width = Math.Max(1, (int)Math.Round(scale * sample.Width)),
            height = Math.Max(1, (int)Math.Round(scale * sample.Height));
        return new Thumbnail(width, height, Convert.ToBase64String(FaceImage.Jpeg(sample, width, height)));
    }

    /// <summary>An image of any source, brought to <see cref="LongestSide"/> where it is larger.</summary>
    /// <exception cref="ArgumentException">It is neither gray nor color, or has pixels that are no bytes.</exception>
    public static Thumbnail Of(ItemImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        PixelView view = image.View;
        if (view.Bytes.IsEmpty)
            throw new ArgumentException("pixels of floating point, expected bytes");
        byte[] planes = view.Bytes.ToArray();
        int area = view.Height * view.Width;
        if (view.Interleaved)
        {
            for (int i = 0, pixel = 0; pixel < area; pixel++)
            {
                for (int c = 0; c < view.Channels; c++)
                    planes[(c * area) + pixel] = view.Bytes[i++];
            }
        }

        return Of(new FaceSample(planes, 0, view.Channels, view.Height, view.Width));
    }
}
