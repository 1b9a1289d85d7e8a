namespace Atl.Tests.GradientChecking;

[GradientCases]
internal static class BatchNormGradientCases
{
    public static IEnumerable<GradientCase> Cases { get; } =
    [
        Case("BatchNorm", """type: "BatchNorm" """, new BottomSpec(Fill.Uniform(-3, 3), 3, 16, 2, 2)),
        Case("BatchNorm far from 0", """type: "BatchNorm" """, new BottomSpec(Fill.Uniform(47, 53), 4, 3, 2, 2)),
        Case("BatchNorm of rows", """type: "BatchNorm" batch_norm_param { eps: 0.1 }""",
            new BottomSpec(Fill.Uniform(-3, 3), 8, 5)),
        Case("BatchNorm of volumes", """type: "BatchNorm" """, new BottomSpec(Fill.Uniform(-3, 3), 2, 3, 2, 2, 2)),
        Case("BatchNorm global", """type: "BatchNorm" batch_norm_param { use_global_stats: true }""",
            new BottomSpec(Fill.Uniform(-3, 3), 2, 16, 2, 2))
            with { Params = [Fill.Uniform(), Fill.Uniform(1, 3), Fill.Constant(2)] },
    ];

    private static GradientCase Case(string name, string layer, BottomSpec bottom) =>
        new(name, layer, bottom) { InPlace = true, CheckParams = [] };
}
