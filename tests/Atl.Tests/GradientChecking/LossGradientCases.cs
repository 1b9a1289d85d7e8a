namespace Atl.Tests.GradientChecking;

[GradientCases]
internal static class LossGradientCases
{
    public static IEnumerable<GradientCase> Cases { get; } =
    [
        new("EuclideanLoss", """type: "EuclideanLoss" """, new BottomSpec(4, 5), new BottomSpec(4, 5)),
        new("EuclideanLoss images", """type: "EuclideanLoss" """, new BottomSpec(2, 16, 2, 3), new BottomSpec(2, 16, 2, 3)),
        new("SoftmaxWithLoss", """type: "SoftmaxWithLoss" """, new BottomSpec(6, 5), new BottomSpec(Fill.Labels(5), 6)),
        new("SoftmaxWithLoss spatial", """type: "SoftmaxWithLoss" loss_param { ignore_label: 1 normalization: BATCH_SIZE }""",
            new BottomSpec(2, 16, 2, 3), new BottomSpec(Fill.Labels(16), 2, 2, 3)),
        new("SoftmaxWithLoss axis", """type: "SoftmaxWithLoss" softmax_param { axis: -1 } loss_param { normalization: NONE }""",
            new BottomSpec(2, 3, 4), new BottomSpec(Fill.Labels(4), 2, 3)),
    ];
}
