namespace Atl.Tests.GradientChecking;

/// <summary>Layers of nets that find objects or classify each pixel.</summary>
[GradientCases]
internal static class DetectionGradientCases
{
    public static IEnumerable<GradientCase> Cases { get; } =
    [
        new("Axpy", """type: "Axpy" """, new BottomSpec(2, 16, 1, 1), new BottomSpec(2, 16, 2, 3), new BottomSpec(2, 16, 2, 3)),
    ];
}
