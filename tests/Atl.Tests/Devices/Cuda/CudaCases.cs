using Atl.Tests.GradientChecking;

namespace Atl.Tests.Devices.Cuda;

/// <summary>
/// Layers at sizes at which the CUDA operators work otherwise than at those of the gradient cases: several chunks of
/// images, several slices of a sum, rows that are moved 16 bytes at a time, rows longer than a block.
/// </summary>
internal static class CudaCases
{
    private const string Filled = "weight_filler { type: 'xavier' } bias_filler { type: 'uniform' min: -1 max: 1 }";

    public static IEnumerable<GradientCase> All { get; } =
    [
        new("Convolution in chunks of images", Convolution("num_output: 16 kernel_size: 3 pad: 1"),
            new BottomSpec(7, 8, 64, 64)),
        new("Convolution in groups in chunks of images", Convolution("num_output: 6 kernel_size: 5 pad: 2 group: 2"),
            new BottomSpec(5, 8, 64, 64)),
        new("Convolution of images that fill the workspace", Convolution("num_output: 6 kernel_size: 3 pad: 1"),
            new BottomSpec(2, 32, 64, 64)),
        new("Convolution without bias of images that fill the workspace",
            Convolution("num_output: 6 kernel_size: 3 bias_term: false"),
            new BottomSpec(2, 32, 66, 66)),
        new("Convolution of pixels", Convolution("num_output: 6 kernel_size: 1"), new BottomSpec(3, 5, 9, 8)),
        new("Convolution of pixels in groups", Convolution("num_output: 6 kernel_size: 1 group: 2"),
            new BottomSpec(3, 4, 8, 8)),
        new("Convolution of pixels of small images", Convolution("num_output: 6 kernel_size: 1"),
            new BottomSpec(3, 5, 3, 3)),
        new("Convolution of every other pixel", Convolution("num_output: 6 kernel_size: 1 stride: 2"),
            new BottomSpec(2, 5, 17, 18)),
        new("Convolution by channel with two outputs each",
            Convolution("num_output: 8 kernel_size: 3 stride: 2 pad: 1 group: 4"), new BottomSpec(3, 4, 7, 6)),
        new("Convolution by channel in slices",
            Convolution("num_output: 2 kernel_size: 3 pad: 1 group: 2 bias_term: false"), new BottomSpec(9, 2, 40, 41)),
        new("Convolution by channel of whole images", Convolution("num_output: 5 kernel_size: 7 group: 5"),
            new BottomSpec(4, 5, 7, 7)),
        new("Convolution by channel of volumes", Convolution("num_output: 3 kernel_size: 2 dilation: 2 group: 3"),
            new BottomSpec(2, 3, 4, 5, 3)),
        new("InnerProduct of many rows", InnerProduct("num_output: 40"), new BottomSpec(200, 33)),
        new("PReLU in slices", "type: 'PReLU'", new BottomSpec(Away, 5, 3, 96, 96)) { InPlace = true },
        new("PReLU of few places", "type: 'PReLU'", new BottomSpec(Away, 150, 40, 2, 3)) { InPlace = true },
        new("PReLU with one slope", "type: 'PReLU' prelu_param { channel_shared: true }",
            new BottomSpec(Away, 3, 5, 60, 60)) { InPlace = true },
        new("PReLU whose slopes are not positive", "type: 'PReLU'", new BottomSpec(Away, 2, 3, 4, 5))
            { InPlace = true, Params = [Fill.Listed(0, -0.5f, 1e-5f)] },
        new("ReLU of many", "type: 'ReLU' relu_param { negative_slope: 0.1 }",
            new BottomSpec(Away, 2, 3, 101, 101)) { InPlace = true },
        new("Scale in slices", "type: 'Scale' scale_param { bias_term: true }",
            new BottomSpec(5, 3, 96, 96)) { InPlace = true },
        new("Scale of rows", "type: 'Scale' scale_param { bias_term: true }", new BottomSpec(150, 70)),
        new("BatchNorm in slices", "type: 'BatchNorm'", new BottomSpec(Fill.Gaussian(3), 4, 3, 100, 100)),
        new("BatchNorm of few places", "type: 'BatchNorm'", new BottomSpec(Fill.Gaussian(-2), 150, 40, 3, 3)),
        new("Dropout of many", "type: 'Dropout' dropout_param { dropout_ratio: 0.3 }",
            new BottomSpec(3, 5, 7, 11)) { InPlace = true },
        new("Eltwise of the largest of four", "type: 'Eltwise' eltwise_param { operation: MAX }",
            new BottomSpec(Fill.Distinct(), 2, 33), new BottomSpec(Fill.Distinct(0.11f), 2, 33),
            new BottomSpec(Fill.Distinct(0.07f), 2, 33),
            new BottomSpec(Fill.Distinct(0.13f), 2, 33)),
        new("Softmax of long rows", "type: 'Softmax'", new BottomSpec(Fill.Gaussian(0, 5), 3, 1030)),
        new("SoftmaxWithLoss of long rows", "type: 'SoftmaxWithLoss'", new BottomSpec(Fill.Gaussian(0, 5), 5, 1030),
            new BottomSpec(Fill.Labels(1030), 5)),
        new("SoftmaxWithLoss of many places",
            "type: 'SoftmaxWithLoss' loss_param { ignore_label: 2 normalization: FULL }",
            new BottomSpec(3, 4, 20, 21), new BottomSpec(Fill.Labels(4), 3, 1, 20, 21)),
        new("SoftmaxWithLoss along a later axis, by the batch",
            "type: 'SoftmaxWithLoss' softmax_param { axis: 2 } loss_param { normalization: BATCH_SIZE }",
            new BottomSpec(3, 4, 5, 6), new BottomSpec(Fill.Labels(5), 3, 4, 1, 6)),
        new("Accuracy", "type: 'Accuracy'", new BottomSpec(Fill.Gaussian(), 70, 9),
            new BottomSpec(Fill.Labels(9), 70)) { CheckBottoms = [] },
        new("Accuracy with ties", "type: 'Accuracy' accuracy_param { top_k: 2 }",
            new BottomSpec(Fill.Labels(4), 50, 5), new BottomSpec(Fill.Labels(5), 50)) { CheckBottoms = [] },
        new("Accuracy of places by class", "type: 'Accuracy' accuracy_param { top_k: 3 ignore_label: 1 }",
            new BottomSpec(Fill.Gaussian(), 3, 6, 4, 5),
            new BottomSpec(Fill.Labels(6), 3, 1, 4, 5)) { CheckBottoms = [], Tops = 2 },
        new("Pooling of stochastic draws",
            "type: 'Pooling' pooling_param { pool: STOCHASTIC kernel_size: 3 stride: 2 }",
            new BottomSpec(Fill.Uniform(0.1f, 1), 3, 5, 11, 9)),
        new("Pooling of ties", "type: 'Pooling' pooling_param { kernel_size: 3 stride: 2 pad: 1 }",
            new BottomSpec(Fill.Labels(3), 2, 3, 10, 9)),
        new("Normalize of many places", "type: 'Normalize' norm_param { across_spatial: false }",
            new BottomSpec(3, 6, 20, 20)),
        new("LRN of many", "type: 'LRN' lrn_param { local_size: 5 alpha: 0.5 }", new BottomSpec(2, 9, 11, 12)),
    ];

    private static Values Away => Fill.Away(-1, 1, 1e-3f, 0);

    private static string Convolution(string fields) =>
        $"type: 'Convolution' convolution_param {{ {fields} {Filled} }}";

    private static string InnerProduct(string fields) =>
        $"type: 'InnerProduct' inner_product_param {{ {fields} {Filled} }}";
}
