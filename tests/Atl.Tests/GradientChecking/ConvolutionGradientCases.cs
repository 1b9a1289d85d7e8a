namespace Atl.Tests.GradientChecking;

[GradientCases]
internal static class ConvolutionGradientCases
{
    private const string Filled = "weight_filler { type: 'xavier' } bias_filler { type: 'uniform' min: -1 max: 1 }";

    public static IEnumerable<GradientCase> Cases { get; } =
    [
        new("Convolution", Convolution("num_output: 4 kernel_size: 3 stride: 2 pad: 1"), new BottomSpec(2, 3, 6, 5)),
        new("Convolution of full blocks", Convolution("num_output: 16 kernel_size: 3 pad: 1"),
            new BottomSpec(1, 16, 4, 4)) { Threshold = 2e-3 },
        new("Convolution by Winograd", Convolution("num_output: 64 kernel_size: 3 pad: 1"),
            new BottomSpec(1, 64, 2, 256))
            { CheckParams = [1], CheckBottoms = [] },
        new("Convolution without bias", Convolution("num_output: 3 kernel_size: 2 bias_term: false"),
            new BottomSpec(2, 2, 4, 4)),
        new("Convolution in groups", Convolution("num_output: 6 kernel_size: 3 group: 3"), new BottomSpec(2, 6, 5, 5)),
        new("Convolution by channel", Convolution("num_output: 16 kernel_size: 3 pad: 1 group: 16"),
            new BottomSpec(2, 16, 5, 5)),
        new("Convolution dilated", Convolution("num_output: 3 kernel_size: 3 dilation: 2 pad: 2"),
            new BottomSpec(1, 2, 7, 6)),
        new("Convolution by rectangles",
            Convolution("num_output: 2 kernel_h: 1 kernel_w: 3 stride_h: 1 stride_w: 2 pad_h: 0 pad_w: 1"),
            new BottomSpec(2, 3, 4, 7)),
        new("Convolution of signals", Convolution("num_output: 4 kernel_size: 3 stride: 2"), new BottomSpec(2, 3, 9)),
        new("Convolution of volumes", Convolution("num_output: 2 kernel_size: 2 kernel_size: 1 kernel_size: 3 pad: 1"),
            new BottomSpec(1, 2, 3, 4, 5)),
        new("Convolution over four axes", Convolution("num_output: 2 kernel_size: 2 stride: 1 pad: 1"),
            new BottomSpec(2, 2, 3, 2, 2, 3)),
        new("Convolution on axis 2", Convolution("num_output: 3 kernel_size: 2 axis: 2"),
            new BottomSpec(2, 2, 4, 3, 3)),
        new("Convolution without spatial axes", Convolution("num_output: 3"), new BottomSpec(3, 4)),
        new("Convolution of pairs", Convolution("num_output: 2 kernel_size: 3"), new BottomSpec(1, 2, 5, 5),
            new BottomSpec(1, 2, 5, 5)) { Tops = 2 },
        new("Deconvolution", Deconvolution("num_output: 4 kernel_size: 3 stride: 2 pad: 1"),
            new BottomSpec(2, 3, 4, 3)),
        new("Deconvolution in groups", Deconvolution("num_output: 4 kernel_size: 2 stride: 2 group: 2"),
            new BottomSpec(1, 6, 3, 3)),
        new("Deconvolution dilated", Deconvolution("num_output: 3 kernel_size: 3 dilation: 2"),
            new BottomSpec(1, 2, 3, 4)),
        new("Deconvolution of volumes", Deconvolution("num_output: 2 kernel_size: 2 stride: 2"),
            new BottomSpec(1, 3, 2, 2, 2)),
        new("Deconvolution over four axes", Deconvolution("num_output: 2 kernel_size: 2 bias_term: false"),
            new BottomSpec(1, 2, 2, 2, 2, 2)),
        new("Deconvolution without spatial axes", Deconvolution("num_output: 3"), new BottomSpec(3, 4)),
        new("InnerProduct", InnerProduct("num_output: 5"), new BottomSpec(3, 2, 2, 2)),
        new("InnerProduct transposed", InnerProduct("num_output: 5 transpose: true"), new BottomSpec(3, 4)),
        new("InnerProduct on axis 2 without bias", InnerProduct("num_output: 3 axis: 2 bias_term: false"),
            new BottomSpec(2, 3, 4)),
        new("InnerProduct of one row", InnerProduct("num_output: 3 axis: 0"), new BottomSpec(7)),
    ];

    private static string Convolution(string fields) =>
        $"type: 'Convolution' convolution_param {{ {fields} {Filled} }}";

    private static string Deconvolution(string fields) =>
        $"type: 'Deconvolution' convolution_param {{ {fields} {Filled} }}";

    private static string InnerProduct(string fields) =>
        $"type: 'InnerProduct' inner_product_param {{ {fields} {Filled} }}";
}
