namespace Atl.Tests.GradientChecking;

[GradientCases]
internal static class EltwiseGradientCases
{
    private static readonly Values Nonzero = Fill.Away(-1, 1, 0.3f, 0);

    public static IEnumerable<GradientCase> Cases { get; } =
    [
        new("Eltwise SUM", """type: "Eltwise" """, Inputs(2, Fill.Uniform())) { InPlace = true },
        new("Eltwise SUM of three with coefficients",
            """type: "Eltwise" eltwise_param { coeff: -0.5 coeff: 2 coeff: 0.25 }""", Inputs(3, Fill.Uniform()))
            { InPlace = true },
        new("Eltwise PROD", """type: "Eltwise" eltwise_param { operation: PROD }""", Inputs(2, Fill.Uniform())),
        new("Eltwise PROD of four", """type: "Eltwise" eltwise_param { operation: PROD }""", Inputs(4, Fill.Uniform())),
        new("Eltwise PROD by division", """type: "Eltwise" eltwise_param { operation: PROD stable_prod_grad: false }""",
            Inputs(3, Nonzero)),
        new("Eltwise MAX", """type: "Eltwise" eltwise_param { operation: MAX }""",
            [new(Fill.Away(-1, 1, 0.03f, 0.2f), 2, 16, 1, 2), new(Fill.Constant(0.2f), 2, 16, 1, 2)]),
        new("Eltwise MAX of three", """type: "Eltwise" eltwise_param { operation: MAX }""",
            new(Fill.Away(-1, 1, 0.03f, -0.1f, 0.2f), 3, 7), new(Fill.Constant(-0.1f), 3, 7),
            new(Fill.Constant(0.2f), 3, 7)),
        new("Dropout", """type: "Dropout" dropout_param { dropout_ratio: 0.3 }""",
            new BottomSpec(2, 16, 3, 1)) { InPlace = true },
        new("Dropout in phase TEST", """type: "Dropout" phase: TEST""", new BottomSpec(2, 16, 3, 1)) { InPlace = true },
    ];

    private static BottomSpec[] Inputs(int count, Values values) =>
        [.. Enumerable.Range(0, count).Select(_ => new BottomSpec(values, 2, 16, 1, 2))];
}
