using Atl.Proto;

namespace Atl.Tests.GradientChecking;

[GradientCases]
internal static class PoolingGradientCases
{
    public static IEnumerable<GradientCase> Cases { get; } =
    [
        new("Pooling max", """type: "Pooling" pooling_param { kernel_size: 3 stride: 2 }""", Distinct(2, 3, 6, 7)),
        new("Pooling max blocked", """type: "Pooling" pooling_param { kernel_size: 2 stride: 2 pad: 1 }""",
            Distinct(1, 32, 3, 5)),
        new("Pooling max large kernel", """type: "Pooling" pooling_param { kernel_size: 5 stride: 2 pad: 2 }""",
            Distinct(1, 16, 5, 6)),
        new("Pooling max global", """type: "Pooling" pooling_param { global_pooling: true }""", Distinct(2, 16, 4, 3)),
        new("Pooling max with mask", """type: "Pooling" pooling_param { kernel_h: 2 kernel_w: 3 stride: 2 }""",
            Distinct(2, 2, 5, 6))
            { Tops = 2, CheckTops = [0] },
        new("Pooling average", """type: "Pooling" pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 }""",
            new BottomSpec(2, 3, 6, 5)),
        new("Pooling average blocked", """type: "Pooling" pooling_param { pool: AVE kernel_size: 3 stride: 3 }""",
            new BottomSpec(1, 16, 8, 4)),
        new("Pooling average global", """type: "Pooling" pooling_param { pool: AVE global_pooling: true }""",
            new BottomSpec(2, 16, 3, 5)),
        new("Pooling expectation", """type: "Pooling" pooling_param { pool: STOCHASTIC kernel_size: 3 stride: 2 }""",
            new BottomSpec(Fill.Uniform(0.2f, 1), 1, 16, 5, 4)) { Phase = Phase.Test },
    ];

    private static BottomSpec Distinct(params int[] dims) => new(Fill.Distinct(), dims);
}
