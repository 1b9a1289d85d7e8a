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
    ];
}
