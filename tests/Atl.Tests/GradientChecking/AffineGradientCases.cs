namespace Atl.Tests.GradientChecking;

[GradientCases]
internal static class AffineGradientCases
{
    private const string Gaussian = """filler { type: "gaussian" std: 1 }""";

    public static IEnumerable<GradientCase> Cases { get; } =
    [
        new("Scale", $$"""type: "Scale" scale_param { {{Gaussian}} }""",
            new BottomSpec(2, 16, 3, 2)) { InPlace = true },
        new("Scale with bias",
            $$"""type: "Scale" scale_param { {{Gaussian}} bias_term: true bias_filler { value: 0.3 } }""",
            new BottomSpec(2, 16, 3, 2))
            { InPlace = true },
        new("Scale of rows", $$"""type: "Scale" scale_param { {{Gaussian}} bias_term: true }""",
            new BottomSpec(3, 5)) { InPlace = true },
        new("Scale last axis", $$"""type: "Scale" scale_param { axis: -1 {{Gaussian}} bias_term: true }""",
            new BottomSpec(2, 3, 2, 3)) { InPlace = true },
        new("Scale first two axes", $$"""type: "Scale" scale_param { axis: 0 num_axes: 2 {{Gaussian}} }""",
            new BottomSpec(2, 3, 2, 3)) { InPlace = true },
        new("Scale all axes", $$"""type: "Scale" scale_param { axis: 0 num_axes: -1 {{Gaussian}} bias_term: true }""",
            new BottomSpec(2, 3, 2, 3)),
        new("Scale by one number", $$"""type: "Scale" scale_param { num_axes: 0 {{Gaussian}} bias_term: true }""",
            new BottomSpec(2, 3, 2, 3))
            { InPlace = true },
        new("Scale two bottoms", """type: "Scale" """, new BottomSpec(2, 16, 2, 2),
            new BottomSpec(16)) { InPlace = true },
        new("Scale two bottoms axis 0 with bias", """type: "Scale" scale_param { axis: 0 bias_term: true }""",
            new BottomSpec(2, 3, 2, 2), new BottomSpec(2, 3))
            { InPlace = true },
        new("Scale two bottoms of one shape", """type: "Scale" scale_param { axis: 0 }""", new BottomSpec(2, 3, 2),
            new BottomSpec(2, 3, 2)) { InPlace = true },
        new("Bias", $$"""type: "Bias" bias_param { {{Gaussian}} }""", new BottomSpec(2, 16, 3, 2)) { InPlace = true },
        new("Bias first two axes", $$"""type: "Bias" bias_param { axis: 0 num_axes: 2 {{Gaussian}} }""",
            new BottomSpec(2, 3, 2, 3)) { InPlace = true },
        new("Bias one number", $$"""type: "Bias" bias_param { num_axes: 0 {{Gaussian}} }""",
            new BottomSpec(2, 3, 2)) { InPlace = true },
        new("Bias two bottoms", """type: "Bias" """, new BottomSpec(2, 16, 2, 2),
            new BottomSpec(16)) { InPlace = true },
    ];
}
