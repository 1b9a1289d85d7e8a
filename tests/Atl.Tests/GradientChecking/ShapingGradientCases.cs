namespace Atl.Tests.GradientChecking;

[GradientCases]
internal static class ShapingGradientCases
{
    public static IEnumerable<GradientCase> Cases { get; } =
    [
        new("Split", """type: "Split" """, new BottomSpec(2, 16, 2, 3)) { Tops = 3 },
        new("Flatten", """type: "Flatten" """, new BottomSpec(2, 16, 2, 3)),
        new("Reshape", """type: "Reshape" reshape_param { shape { dim: 0 dim: -1 dim: 4 } }""",
            new BottomSpec(2, 16, 2, 3)),
        new("Filter", """type: "Filter" """, new BottomSpec(4, 16, 2, 3), new BottomSpec(4, 5),
            new BottomSpec(Fill.Listed(1, 0, 0.5f, 1), 4)) { Tops = 2 },
        new("Concat", """type: "Concat" """, new BottomSpec(2, 16, 2, 2), new BottomSpec(2, 32, 2, 2)),
        new("Concat axis", """type: "Concat" concat_param { axis: 2 }""", new BottomSpec(2, 16, 1, 2),
            new BottomSpec(2, 16, 3, 2)),
        new("Slice", """type: "Slice" """, new BottomSpec(2, 32, 2, 2)) { Tops = 2 },
        new("Slice axis", """type: "Slice" slice_param { axis: -1 slice_point: 1 }""",
            new BottomSpec(2, 16, 2, 4)) { Tops = 2 },
        new("Permute", """type: "Permute" permute_param { order: 0 order: 2 order: 3 order: 1 }""",
            new BottomSpec(2, 16, 2, 3)),
        new("Flip", """type: "Flip" flip_param { flip_height: true }""", new BottomSpec(2, 16, 2, 3)),
        new("ShuffleChannel", """type: "ShuffleChannel" shuffle_channel_param { group: 4 }""",
            new BottomSpec(2, 16, 2, 3)),
        new("Crop", """type: "Crop" crop_param { axis: 1 offset: 1 offset: 0 offset: 2 }""", new BottomSpec(2, 5, 3, 4),
            new BottomSpec(2, 3, 3, 2)),
        new("BatchReindex", """type: "BatchReindex" """, new BottomSpec(3, 4),
            new BottomSpec(Fill.Listed(2, 0, 2, 2), 4)),
        new("Embed", """type: "Embed" embed_param { num_output: 3 input_dim: 5 weight_filler { type: "uniform" } }""",
            new BottomSpec(Fill.Listed(4, 0, 4, 1), 2, 2)),
        new("Im2col", """type: "Im2col" convolution_param { kernel_size: 3 stride: 2 pad: 1 dilation: 2 }""",
            new BottomSpec(2, 3, 7, 6)),
        new("Im2col 3-D", """type: "Im2col" convolution_param { kernel_size: 2 }""", new BottomSpec(1, 2, 3, 3, 4)),
        new("SPP MAX", """type: "SPP" spp_param { pyramid_height: 3 }""", new BottomSpec(Fill.Distinct(), 2, 16, 8, 7)),
        new("SPP AVE", """type: "SPP" spp_param { pyramid_height: 2 pool: AVE }""", new BottomSpec(2, 16, 5, 6)),
        new("SPP one level", """type: "SPP" spp_param { pyramid_height: 1 pool: AVE }""", new BottomSpec(2, 3, 4, 5)),
        new("MVN", """type: "MVN" """, new BottomSpec(2, 3, 3, 4)),
        new("MVN across channels", """type: "MVN" mvn_param { across_channels: true }""", new BottomSpec(2, 3, 3, 2)),
        new("MVN mean only", """type: "MVN" mvn_param { normalize_variance: false }""",
            new BottomSpec(2, 3, 3, 2)) { InPlace = true },
        new("Tile", """type: "Tile" tile_param { tiles: 3 }""", new BottomSpec(2, 3, 2)),
        new("Parameter", """type: "Parameter" parameter_param { shape { dim: 2 dim: 3 } }""") { Params =
            [Fill.Uniform()] },
        new("Reduction SUM", """type: "Reduction" reduction_param { axis: 1 coeff: 0.5 }""",
            new BottomSpec(2, 16, 2, 2)),
        new("Reduction ASUM", """type: "Reduction" reduction_param { operation: ASUM }""",
            new BottomSpec(Fill.Away(-1, 1, 0.05f, 0), 3, 4)),
        new("Reduction SUMSQ", """type: "Reduction" reduction_param { operation: SUMSQ axis: -1 }""",
            new BottomSpec(3, 4)),
        new("Reduction MEAN", """type: "Reduction" reduction_param { operation: MEAN axis: 1 coeff: 2 }""",
            new BottomSpec(3, 4)),
    ];
}
