using Atl.Proto;

namespace Atl;

/// <summary>
/// The steps from an image to an input: resize to the input's size, order the channels as the net does, (pixel − mean)
/// · scale. (Caffe's transform_param; the default takes pixels 0 to 255 unchanged, blue first.)
/// </summary>
/// <remarks>Immutable; any number of threads may share it.</remarks>
public sealed record Preprocessing
{
    /// <summary>The mean that is subtracted, one for all channels or one for each in the net's order; empty for
    /// none.</summary>
    public IReadOnlyList<float> Mean
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Mean));
    } = [];

    /// <summary>A mean image (binaryproto) that is subtracted instead, as large as the image before the crop; null for
    /// none.</summary>
    public string? MeanFile { get; init; }

    /// <summary>The factor after the mean, such as 1/128.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>The order in which the net takes the channels.</summary>
    public ChannelOrder Order { get; init; }

    /// <summary>The way in which images come to the input's size.</summary>
    public ImageFit Fit { get; init; }

    /// <summary>The pre-processing that a transform_param asks for in TEST: mean, scale, and the center crop.</summary>
    public static Preprocessing Of(TransformationParameter transform) => new()
    {
        Mean = [.. transform.MeanValue],
        MeanFile = transform.HasMeanFile ? transform.MeanFile : null,
        Scale = transform.Scale,
        Fit = transform.CropSize > 0 ? ImageFit.Crop : ImageFit.Exact,
    };

    /// <summary>
    /// The pre-processing of the first layer that reads images in TEST, such as the Data layer of a train_val prototxt;
    /// null if there is none.
    /// </summary>
    /// <param name="net">The net.</param>
    /// <returns>Null where no layer has a transform_param.</returns>
    public static Preprocessing? Of(NetParameter net)
    {
        foreach (LayerParameter layer in net.Layer)
            if (layer.TransformParam is { } transform && layer.Include.All(rule => rule.Phase != Phase.Train
                || !rule.HasPhase))
                return Of(transform);
        return null;
    }

    /// <summary>The same as Caffe's message.</summary>
    internal TransformationParameter Transform()
    {
        TransformationParameter transform = new() { Scale = Scale, MeanValue = { Mean } };
        if (MeanFile is not null) transform.MeanFile = MeanFile;
        return transform;
    }
}
