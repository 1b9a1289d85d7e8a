namespace Atl.Tests.GradientChecking;

// The weights' gradient is that of the plain inner product, not the derivative, and so is not compared. Cosines stay
// off the branches by seed.
[GradientCases]
internal static class MarginInnerProductGradientCases
{
    public static IEnumerable<GradientCase> Cases { get; } =
    [
        Case("SINGLE", "base: 5"),
        Case("DOUBLE", "base: 0"),
        Case("DOUBLE", "base: 5"),
        Case("TRIPLE", "base: 1"),
        Case("QUADRUPLE", "base: 0"),
        Case("QUADRUPLE", "base: 1000 gamma: 0.12 lambda_min: 5"),
    ];

    private static GradientCase Case(string type, string lambda) => new(
        $"MarginInnerProduct {type} {lambda}",
        $$"""
        type: "MarginInnerProduct"
        margin_inner_product_param { num_output: 4 type: {{type}} {{lambda}} exact_gradient: true weight_filler { type: "gaussian" std: 1 } }
        """,
        new BottomSpec(3, 6),
        new BottomSpec(Fill.Listed(2, 0, 2), 3))
    {
        Tops = 2,
        CheckTops = [0],
        CheckBottoms = [0],
        CheckParams = [],
        Threshold = 5e-3,
    };
}
