using Atl.Data;
using Atl.Proto;

namespace Atl;

/// <summary>Brings images into the form of an input of a net.</summary>
/// <remarks>Safe for use by several threads.</remarks>
internal sealed class ImageFeed
{
    private readonly Preprocessing _preprocessing;
    private readonly DatumTransformer _transformer;

    /// <summary>A feed of an input.</summary>
    /// <param name="preprocessing">How images become inputs.</param>
    /// <param name="input">The shape of one image, channels × height × width.</param>
    /// <param name="name">The input's name, for messages.</param>
    /// <exception cref="AtlException">The mean cannot be read, or the input takes no images.</exception>
    public ImageFeed(Preprocessing preprocessing, Shape input, string name)
    {
        if (input.NumAxes != 3 || input[0] is not (1 or 3))
            throw new NetException($"input '{name}' takes samples of shape {input}, expected images: 1 or 3 channels x "
                + "height x width");
        (_preprocessing, Input) = (preprocessing, input);
        _transformer = new DatumTransformer(preprocessing.Transform(), Phase.Test, 0)
        {
            Crop = preprocessing.Fit == ImageFit.Crop ? (input[1], input[2]) : null,
        };
    }

    /// <summary>The shape of one image, channels × height × width.</summary>
    public Shape Input { get; }

    /// <summary>Writes an image's values.</summary>
    /// <exception cref="AtlException">The image cannot be decoded, or does not fit input, crop or mean.</exception>
    public void Write(ImageInput image, Span<float> values)
    {
        using ItemImage opened = image.Open(Input[0], _preprocessing.Order);
        PixelView view = opened.View;
        if (_preprocessing.Fit == ImageFit.Resize && (view.Height != Input[1] || view.Width != Input[2]))
        {
            using ItemImage resized = Resized(opened);
            Transform(resized.View, values);
        }
        else
        {
            Transform(view, values);
        }
    }

    private void Transform(PixelView view, Span<float> values)
    {
        Shape shape = _transformer.OutputShape(view.Channels, view.Height, view.Width);
        if (!shape.Equals(Input))
            throw new AtlException($"an image of {string.Join(" x ", shape)} (channels x height x width), the net's "
                + $"input is {string.Join(" x ", Input)}; set {nameof(Preprocessing)}.{nameof(Preprocessing.Fit)} to "
                + "resize or to crop it");
        _transformer.Transform(view, 0, values);
    }

    private ItemImage Resized(ItemImage image)
    {
        Datum datum = image is DecodedImage decoded ? decoded.ToDatum() : ((RawImage)image).Datum;
        return ItemImage.FromDatum(datum, ImageColor.AsStored, Input[1], Input[2]);
    }
}
