namespace Atl.Tests.GradientChecking;

[GradientCases]
internal static class ElementwiseGradientCases
{
    public static IEnumerable<GradientCase> Cases { get; } =
    [
        Case("ReLU", """type: "ReLU" """, Fill.Away(-1, 1, 0.02f, 0)),
        Case("ReLU negative slope", """type: "ReLU" relu_param { negative_slope: 0.2 }""", Fill.Away(-1, 1, 0.02f, 0)),
        Case("ReLU falling left of 0", """type: "ReLU" relu_param { negative_slope: -0.2 }""",
            Fill.Away(-1, 1, 0.02f, 0)),
        Case("ReLU6", """type: "ReLU6" """, Fill.Away(-2, 9, 0.02f, 0, 6)),
        Case("Sigmoid", """type: "Sigmoid" """, Fill.Uniform(-4, 4)),
        Case("TanH", """type: "TanH" """, Fill.Uniform(-2, 2)),
        Case("AbsVal", """type: "AbsVal" """, Fill.Away(-1, 1, 0.02f, 0)),
        Case("BNLL", """type: "BNLL" """, Fill.Uniform(-4, 4)),
        Case("Clip", """type: "Clip" clip_param { min: -0.5 max: 0.7 }""", Fill.Away(-1, 1, 0.02f, -0.5f, 0.7f)),
        Case("ELU", """type: "ELU" """, Fill.Away(-2, 2, 0.02f, 0)),
        Case("ELU alpha", """type: "ELU" elu_param { alpha: 0.4 }""", Fill.Away(-2, 2, 0.02f, 0)),
        Case("ELU negative alpha", """type: "ELU" elu_param { alpha: -0.4 }""", Fill.Away(-2, 2, 0.02f, 0)),
        Case("Swish", """type: "Swish" """, Fill.Uniform(-4, 4)),
        Case("Swish beta", """type: "Swish" swish_param { beta: 1.7 }""", Fill.Uniform(-3, 3)),
        Case("Exp", """type: "Exp" """, Fill.Uniform()),
        Case("Exp base 2 scaled and shifted", """type: "Exp" exp_param { base: 2 scale: 1.3 shift: -0.4 }""",
            Fill.Uniform()),
        Case("Log", """type: "Log" """, Fill.Uniform(0.5f, 3)),
        Case("Log base 3 scaled and shifted", """type: "Log" log_param { base: 3 scale: 0.5 shift: 1.2 }""",
            Fill.Uniform()),
        Case("Power 0", """type: "Power" power_param { power: 0 scale: 0.5 shift: 1.2 }""", Fill.Uniform()),
        Case("Power 1", """type: "Power" power_param { power: 1 scale: 0.5 shift: 1.2 }""", Fill.Uniform()),
        Case("Power 2", """type: "Power" power_param { power: 2 scale: 0.5 shift: 0.2 }""", Fill.Uniform()),
        Case("Power 3 through 0", """type: "Power" power_param { power: 3 }""", Fill.Uniform()),
        Case("Power 0.5", """type: "Power" power_param { power: 0.5 scale: 0.5 shift: 1.2 }""", Fill.Uniform()),
        Case("Power -1", """type: "Power" power_param { power: -1 scale: 0.5 shift: 1.5 }""", Fill.Uniform()),
        Case("Power 1.7", """type: "Power" power_param { power: 1.7 scale: 0.5 shift: 1.2 }""", Fill.Uniform()),
        Case("Power scale 0", """type: "Power" power_param { power: 2 scale: 0 shift: 1.2 }""", Fill.Uniform()),
    ];

    private static GradientCase Case(string name, string layer, Values values) =>
        new(name, layer, new BottomSpec(values, 2, 16, 1, 3)) { InPlace = true, Step = 5e-3f };
}
