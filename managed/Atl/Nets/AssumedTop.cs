using Atl.Proto;

namespace Atl.Nets;

/// <summary>A top of generated data whose shape, or a part of it the prototxt does not state.</summary>
/// <param name="Name">The top.</param>
/// <param name="Shape">The shape that it was given.</param>
/// <param name="IsFree">Whether it may have any shape; else it is an image of a batch.</param>
/// <param name="Assumed">What of it is assumed.</param>
internal sealed record AssumedTop(string Name, Shape Shape, bool IsFree, AssumedParts Assumed)
{
    // What these layers give is known but for images of unknown size: labels are one number an item, or as many as the
    // layer says.
    private static readonly string[] ImageLayers = ["Data", "ImageData", "MemoryData", "WindowData"];

    /// <summary>The top of a data layer; null where its shape is known.</summary>
    /// <param name="layer">The data layer, as the prototxt has it.</param>
    /// <param name="top">Which top.</param>
    /// <param name="shape">The shape that it is given.</param>
    /// <param name="assumed">What was assumed of the first top.</param>
    public static AssumedTop? Of(LayerParameter layer, int top, Shape shape, AssumedParts assumed)
    {
        bool isImage = ImageLayers.Contains(layer.Type);
        if (isImage && (top > 0 || assumed == AssumedParts.None)) return null;
        bool isFree = !isImage && (top > 0 || assumed.HasFlag(AssumedParts.Size));
        return new AssumedTop(layer.Top[top], shape, isFree, assumed);
    }

    /// <summary>The shape in the form of <c>-shapes</c>: known axes as numbers, the others as letters.</summary>
    public string Hint
    {
        get
        {
            string batch = Assumed.HasFlag(AssumedParts.Batch) || Shape.NumAxes == 0 ? "N" : $"{Shape[0]}";
            if (Shape.NumAxes != 4) return $"{Name}={batch},d,…";
            string channels = IsFree || Assumed.HasFlag(AssumedParts.Channels) ? "C" : $"{Shape[1]}";
            string size = IsFree || Assumed.HasFlag(AssumedParts.Size) ? "H,W" : $"{Shape[2]},{Shape[3]}";
            return $"{Name}={batch},{channels},{size}";
        }
    }
}
