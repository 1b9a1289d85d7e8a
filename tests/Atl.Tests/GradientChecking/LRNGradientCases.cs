namespace Atl.Tests.GradientChecking;

[GradientCases]
internal static class LRNGradientCases
{
    public static IEnumerable<GradientCase> Cases { get; } =
    [
        new("LRN across channels", """type: "LRN" lrn_param { local_size: 5 alpha: 2 k: 1.5 }""",
            new BottomSpec(Fill.Uniform(-2, 2), 2, 16, 2, 2)),
        new("LRN across one channel", """type: "LRN" lrn_param { local_size: 1 alpha: 2 beta: 0.5 }""",
            new BottomSpec(Fill.Uniform(-2, 2), 2, 3, 2, 2)),
        new("LRN across more channels than there are", """type: "LRN" lrn_param { local_size: 7 alpha: 2 beta: 0.6 }""",
            new BottomSpec(Fill.Uniform(-2, 2), 1, 3, 9, 9)),
        new("LRN within a channel", """type: "LRN" lrn_param { local_size: 3 alpha: 2 norm_region: WITHIN_CHANNEL }""",
            new BottomSpec(Fill.Uniform(-2, 2), 1, 16, 2, 3)),
        new("LRN within a channel smaller than the window",
            """type: "LRN" lrn_param { local_size: 5 alpha: 2 beta: 1.1 norm_region: WITHIN_CHANNEL }""",
            new BottomSpec(Fill.Uniform(-2, 2), 2, 2, 3, 4)),
    ];
}
