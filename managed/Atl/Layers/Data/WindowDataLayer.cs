using Atl.Data;
using Atl.Logging;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// WindowData: windows of images, drawn from R-CNN's window file, a fraction of them of objects, resized to crop_size ×
/// crop_size. Tops: batch × 3 × crop_size × crop_size, and the classes (batch), 0 for background. (R. Girshick et al.,
/// CVPR 2014; Caffe's WindowDataLayer.)
/// </summary>
[LayerType("WindowData")]
internal sealed class WindowDataLayer(LayerParameter parameter, LayerContext context)
    : BatchLayer(parameter, context, "window_data_param", parameter.WindowDataParam?.BatchSize ?? 0)
{
    private readonly WindowDataParameter _data = parameter.WindowDataParam ?? new WindowDataParameter();

    /// <inheritdoc/>
    protected override IBatchSource OpenSource()
    {
        string source = Source(_data.HasSource, _data.Source, "a file of images and windows");
        TransformationParameter transform = Parameter.TransformParam ?? new TransformationParameter();
        if (transform.CropSize == 0)
            throw Error("transform_param.crop_size is 0, expected the size that windows are resized to");
        ImageLimits.CheckTarget(transform.CropSize, transform.CropSize);
        if (_data.CropMode is not ("warp" or "square"))
            throw Error($"crop_mode is '{_data.CropMode}', expected warp or square");
        if (2 * _data.ContextPad >= transform.CropSize)
            throw Error($"context_pad is {_data.ContextPad}, expected less than half of crop_size "
                + $"{transform.CropSize}");
        if (!(_data.FgFraction is >= 0 and <= 1))
            throw Error(FormattableString.Invariant($"fg_fraction is {_data.FgFraction}, expected 0 to 1"));
        WindowFile windows = new(source, _data.FgThreshold, _data.BgThreshold);
        Logger.Info("window_data_layer.cpp",
            $"Number of images: {windows.Images.Count}, windows of objects: {windows.Foreground.Count}, of "
            + $"background: {windows.Background.Count}");
        if (windows.Foreground.Count == 0 || windows.Background.Count == 0)
            throw Error($"{source} has {windows.Foreground.Count} windows of objects and {windows.Background.Count} of "
                + "background by the thresholds, expected some of both");
        return new WindowBatchSource(windows, _data, Context.CreateStream(StreamName, "windows").Key);
    }
}
