namespace Atl.Tests.GradientChecking;

[GradientCases]
internal static class SoftmaxGradientCases
{
    public static IEnumerable<GradientCase> Cases { get; } =
    [
        new("Softmax", """type: "Softmax" """, new BottomSpec(3, 5)) { InPlace = true },
        new("Softmax spatial", """type: "Softmax" """, new BottomSpec(2, 16, 2, 2)) { InPlace = true },
        new("Softmax axis", """type: "Softmax" softmax_param { axis: 0 }""", new BottomSpec(4, 3, 2)),
    ];
}
