namespace Atl.Tests.GradientChecking;

// Centres get a step of their own and weights that are normalised the plain product's gradient: neither is a
// derivative, and so is not compared.
[GradientCases]
internal static class FaceGradientCases
{
    private static readonly BottomSpec Labels = new(Fill.Listed(2, 0, 3, -1), 4);

    public static IEnumerable<GradientCase> Cases { get; } =
    [
        Margin("LabelSpecificAdd", "label_specific_add_param { bias: -0.35 }", Fill.Away(-1, 1, 0.03f, 0.35f)),
        Margin("LabelSpecificAdd",
            "label_specific_add_param { bias_base: -0.1 bias_gamma: 0.1 bias_power: -1 bias_max: 0 iteration: 3 }",
            Fill.Away(-1, 1, 0.03f, 0.33f)),
        Margin("LabelSpecificRescale",
            "label_specific_rescale_param { positive_weight: 0.7 negative_weight: 1.2 bias_fix: true }",
            Fill.Uniform()),
        Margin("LabelSpecificRescale", "label_specific_rescale_param { positive_weight: 0.7 for_ip: true }",
            Fill.Away(-1, 1, 0.03f, 0)),
        Margin("LabelSpecificRescale", "label_specific_rescale_param { positive_weight: 1.4 power_on_positive: true }",
            Fill.Away(-1, 1, 0.1f, 0)),
        Margin("CosinAddm", "cosin_add_m_param { m: 0.5 }", Fill.Away(-0.95f, 0.95f, 0.03f, -0.8776f)),
        Margin("CosinAddm", "cosin_add_m_param { m: 0.5 edge: EASY }", Fill.Away(-0.95f, 0.95f, 0.03f, 0)),
        Margin("CosinAddm", "cosin_add_m_param { m: 0.3 t: 1.2 }",
            Fill.Listed(-0.9f, 0.5f, 0.4f, 0.7f, 0.3f, -0.2f, 0.1f, 0.6f, -0.5f, 0.8f, 0.55f, 0.2f, 0.1f, -0.3f, 0.5f,
                0.9f)),
        Margin("CombinedMargin", "combined_margin_param { m1: 1 m2: 0.3 m3: 0.2 exact_gradient: true }",
            Fill.Away(-0.9f, 0.9f, 0.03f, -0.955f)),
        Margin("CombinedMargin", "combined_margin_param { m1: 4 m2: 0.5 m3: 0.35 edge: FOLDED exact_gradient: true }",
            Fill.Away(-0.9f, 0.9f, 0.02f, 0.79f, 0.122f, -0.6f)),
        Margin("AdditiveMargin", "additive_margin_param { margin: 0.35 }", Fill.Uniform()),
        new("CenterLoss", """type: "CenterLoss" center_loss_param { num_output: 4 center_filler { type: "xavier" } }""",
            new BottomSpec(4, 2, 3), new BottomSpec(Fill.Listed(2, 0, 2, 3), 4)) { CheckParams = [] },
        new("CenterLoss L1", """type: "CenterLoss" center_loss_param { num_output: 4 distance_type: "L1" }""",
            new BottomSpec(Fill.Away(-1, 1, 0.05f, 0), 4, 5),
            new BottomSpec(Fill.Listed(2, 0, 2, 3), 4)) { CheckParams = [] },
        new("InnerProduct normalised",
            """type: "InnerProduct" inner_product_param { num_output: 5 normalize: true bias_term: false weight_filler { type: "xavier" } }""",
            new BottomSpec(3, 7)) { CheckParams = [] },
        new("DepthwiseConvolution",
            """type: "DepthwiseConvolution" convolution_param { num_output: 16 kernel_size: 3 pad: 1 weight_filler { type: "xavier" } }""",
            new BottomSpec(1, 16, 4, 4)),
        new("ConvolutionDepthwise",
            """type: "ConvolutionDepthwise" convolution_param { num_output: 3 kernel_size: 2 bias_term: false weight_filler { type: "xavier" } }""",
            new BottomSpec(2, 3, 3, 3)),
    ];

    private static GradientCase Margin(string type, string parameters, Values logits) =>
        new($"{type} {parameters}", $"type: \"{type}\" {parameters}", new BottomSpec(logits, 4, 4),
            Labels)
        { InPlace = true, Step = 2e-3f, Threshold = 3e-3 };
}
