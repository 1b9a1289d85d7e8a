using System.Globalization;
using Atl.Proto;
using Google.Protobuf;

namespace Atl.Nets;

/// <summary>
/// The properties of a data layer's images, taken from fields of other Caffes that were ignored when the file was read.
/// </summary>
internal static class ForeignFields
{
    private static readonly (string Height, string Width)[] OfTransform =
        [("crop_h", "crop_w"), ("crop_height", "crop_width"), ("resize_param.height", "resize_param.width")];

    private static readonly string[] DataMessages =
        ["dense_image_data_param", "seg_data_param", "video_data_param", "image_gt_data_param", "mtcnn_data_param"];

    /// <summary>Height and width of the images; null if unknown.</summary>
    public static (int Height, int Width)? Size(LayerParameter layer)
    {
        if (layer.TransformParam is { } transform && SourceMap.HasPassedOver(transform))
            foreach ((string height, string width) in OfTransform)
                if (Both(transform, height, width) is { } size) return size;
        if (!SourceMap.HasPassedOver(layer)) return null;
        foreach (string message in DataMessages)
        {
            if (Both(layer, $"{message}.new_height", $"{message}.new_width") is { } resized) return resized;
            if (Both(layer, $"{message}.crop_height", $"{message}.crop_width") is { } cropped) return cropped;
        }
        return null;
    }

    /// <summary>The number of images in a batch; null if unknown.</summary>
    public static int? BatchSize(LayerParameter layer) => SourceMap.HasPassedOver(layer)
        ? DataMessages.Select(message => Positive(layer, $"{message}.batch_size"))
        .FirstOrDefault(size => size is not null)
        : null;

    private static (int Height, int Width)? Both(IMessage message, string height, string width) =>
        Positive(message, height) is { } high && Positive(message, width) is { } wide ? (high, wide) : null;

    private static int? Positive(IMessage message, string path) =>
        int.TryParse(SourceMap.FindPassedOver(message, path), NumberStyles.None, CultureInfo.InvariantCulture,
            out int value)
            && value > 0 ? value : null;
}
