namespace Atl.Tests.GradientChecking;

[GradientCases]
internal static class ShapingGradientCases
{
    public static IEnumerable<GradientCase> Cases { get; } =
    [
        new("Split", """type: "Split" """, new BottomSpec(2, 16, 2, 3)) { Tops = 3 },
        new("Flatten", """type: "Flatten" """, new BottomSpec(2, 16, 2, 3)),
        new("Reshape", """type: "Reshape" reshape_param { shape { dim: 0 dim: -1 dim: 4 } }""", new BottomSpec(2, 16, 2, 3)),
    ];
}
