namespace Atl.Tests.GradientChecking;

[GradientCases]
internal static class ShapingGradientCases
{
    public static IEnumerable<GradientCase> Cases { get; } =
    [
        new("Split", """type: "Split" """, new BottomSpec(2, 16, 2, 3)) { Tops = 3 },
        new("Flatten", """type: "Flatten" """, new BottomSpec(2, 16, 2, 3)),
        new("Reshape", """type: "Reshape" reshape_param { shape { dim: 0 dim: -1 dim: 4 } }""", new BottomSpec(2, 16, 2, 3)),
        new("Concat", """type: "Concat" """, new BottomSpec(2, 16, 2, 2), new BottomSpec(2, 32, 2, 2)),
        new("Concat axis", """type: "Concat" concat_param { axis: 2 }""", new BottomSpec(2, 16, 1, 2), new BottomSpec(2, 16, 3, 2)),
        new("Slice", """type: "Slice" """, new BottomSpec(2, 32, 2, 2)) { Tops = 2 },
        new("Slice axis", """type: "Slice" slice_param { axis: -1 slice_point: 1 }""", new BottomSpec(2, 16, 2, 4)) { Tops = 2 },
        new("Permute", """type: "Permute" permute_param { order: 0 order: 2 order: 3 order: 1 }""", new BottomSpec(2, 16, 2, 3)),
        new("Flip", """type: "Flip" flip_param { flip_height: true }""", new BottomSpec(2, 16, 2, 3)),
        new("ShuffleChannel", """type: "ShuffleChannel" shuffle_channel_param { group: 4 }""", new BottomSpec(2, 16, 2, 3)),
        new("Tile", """type: "Tile" tile_param { tiles: 3 }""", new BottomSpec(2, 3, 2)),
        new("Parameter", """type: "Parameter" parameter_param { shape { dim: 2 dim: 3 } }""") { Params = [Fill.Uniform()] },
        new("Reduction SUM", """type: "Reduction" reduction_param { axis: 1 coeff: 0.5 }""", new BottomSpec(2, 16, 2, 2)),
        new("Reduction ASUM", """type: "Reduction" reduction_param { operation: ASUM }""", new BottomSpec(Fill.Away(-1, 1, 0.05f, 0), 3, 4)),
        new("Reduction SUMSQ", """type: "Reduction" reduction_param { operation: SUMSQ axis: -1 }""", new BottomSpec(3, 4)),
        new("Reduction MEAN", """type: "Reduction" reduction_param { operation: MEAN axis: 1 coeff: 2 }""", new BottomSpec(3, 4)),
    ];
}
