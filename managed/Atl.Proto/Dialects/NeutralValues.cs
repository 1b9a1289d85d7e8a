using System.Collections.Frozen;

namespace Atl.Proto;

/// <summary>
/// The values of other Caffes' fields that ask for nothing, most of them the defaults there: the results are those of a
/// file without the field.
/// </summary>
internal static class NeutralValues
{
    private static readonly FrozenDictionary<(string, string), string> All =
        new (string Value, string Message, string[])[]
    {
        ("0", "NetParameter", ["bn_stats_batch_size"]),
        ("false", "SolverParameter", ["larc", "local_lr_auto"]),
        ("0", "SolverParameter", ["rampup_interval", "min_lr", "warmup_iter"]),
        ("false", "TransformationParameter", ["center_crop", "bgr2rgb", "fix_crop", "more_fix_crop", "multi_scale",
            "is_flow",
            "original_image", "allow_upscale", "flow", "contrast_brightness_adjustment", "smooth_filtering"]),
        ("0", "TransformationParameter",
            ["pad", "erase_ratio", "num_labels", "min_side", "max_rotation_angle", "apply_probability"]),
        ("false", "DataParameter", ["shuffle"]),
        ("0", "DataParameter", ["side"]),
        ("0", "ImageDataParameter", ["short_side", "min_height", "min_width"]),
        ("false", "MemoryDataParameter", ["transpose"]),
        ("false", "LossParameter", ["weight_by_label_freqs"]),
        ("0", "LossParameter", ["label_smoothing"]),
        ("false", "BatchNormParameter",
            ["scale_bias", "use_weight_bias", "bias_term", "relu", "disable_mean", "disable_variance"]),
        ("0", "BatchNormParameter", ["stats_batch_size"]),
        ("false", "ConvolutionParameter", ["relu"]),
        ("0", "ConvolutionParameter", ["negative_slope"]),
        ("false", "InnerProductParameter", ["relu"]),
        ("0", "InnerProductParameter", ["negative_slope"]),
        ("false", "DropoutParameter", ["sample_weights_test", "sqrt_scale"]),
        ("true", "DropoutParameter", ["scale_train"]),
        ("false", "ConcatParameter", ["per_fla_fuse"]),
        ("1", "ELUParameter", ["lambda"]),
        ("false", "PoolingParameter", ["torch_pooling"]),
        ("true", "PoolingParameter", ["avg_include_pad"]),
        ("0", "ROIPoolingParameter", ["pad_ratio"]),
        ("1", "SoftmaxParameter", ["hard_ratio"]),
        ("Softmax", "SoftmaxParameter", ["normalize_type"]),
        ("0", "SoftmaxParameter", ["label_smooth_factor"]),
        ("1", "ReshapeParameter", ["pixelshuffler"]),
        ("1", "FillerParameter", ["scale"]),
    }.SelectMany(entry => entry.Item3.Select(name => ((entry.Message, name), entry.Value)))
        .ToFrozenDictionary(entry => entry.Item1, entry => entry.Value);

    /// <summary>The fields that have such a value.</summary>
    public static IEnumerable<(string Message, string Name)> Fields => All.Keys;

    /// <summary>The value of a field that asks for nothing; null where there is none.</summary>
    public static string? Of(string message, string name) => All.GetValueOrDefault((message, name));
}
