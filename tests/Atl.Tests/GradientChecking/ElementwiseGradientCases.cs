namespace Atl.Tests.GradientChecking;

[GradientCases]
internal static class ElementwiseGradientCases
{
    public static IEnumerable<GradientCase> Cases { get; } =
    [
        new("ReLU", """type: "ReLU" """, new BottomSpec(Fill.Away(-1, 1, 0.02f, 0), 2, 16, 3, 5)) { InPlace = true },
        new("ReLU negative slope", """type: "ReLU" relu_param { negative_slope: 0.2 }""", new BottomSpec(Fill.Away(-1, 1, 0.02f, 0), 4, 6)) { InPlace = true },
    ];
}
