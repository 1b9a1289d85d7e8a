using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Data;

/// <summary>One image of a data source, ready to be transformed.</summary>
public abstract class ItemImage : IDisposable
{
    /// <summary>The pixels; valid until disposal.</summary>
    public abstract PixelView View { get; }

    /// <summary>
    /// The image in a Datum, encoded or raw, with the channels asked for and brought to a size (both 0: its own) by
    /// bilinear interpolation. Of a Datum of float_data channels and size stay as they are.
    /// </summary>
    /// <param name="datum">The Datum.</param>
    /// <param name="color">Which channels are wanted.</param>
    /// <param name="height">The height that is wanted; 0 for its own.</param>
    /// <param name="width">The width that is wanted; 0 for its own.</param>
    /// <param name="logger">The logger that is warned of an image with a <see cref="DecodedImage.Doubt"/>; null for
    /// none.</param>
    /// <exception cref="AtlException">The Datum is damaged.</exception>
    public static ItemImage FromDatum(Datum datum, ImageColor color, int height = 0, int width = 0,
        ILogger? logger = null)
    {
        if (datum.Encoded) return DecodedImage.FromBytes(datum.Data.Span, color, height, width, logger);
        bool sizeFits = height <= 0 || width <= 0 || (datum.Height == height && datum.Width == width);
        bool colorFits = color == ImageColor.AsStored || datum.Channels == (color == ImageColor.Gray ? 1 : 3);
        return datum.Data.IsEmpty || (sizeFits && colorFits) ? new RawImage(datum)
            : DecodedImage.FromPlanes(datum, color, height, width);
    }

    /// <inheritdoc/>
    public abstract void Dispose();
}
