namespace Atl.Tests.GradientChecking;

[GradientCases]
internal static class LossGradientCases
{
    public static IEnumerable<GradientCase> Cases { get; } =
    [
        new("EuclideanLoss", """type: "EuclideanLoss" """, new BottomSpec(4, 5), new BottomSpec(4, 5)),
        new("EuclideanLoss images", """type: "EuclideanLoss" """, new BottomSpec(2, 16, 2, 3),
            new BottomSpec(2, 16, 2, 3)),
        new("SoftmaxWithLoss", """type: "SoftmaxWithLoss" """, new BottomSpec(6, 5), new BottomSpec(Fill.Labels(5), 6)),
        new("SoftmaxWithLoss spatial",
            """type: "SoftmaxWithLoss" loss_param { ignore_label: 1 normalization: BATCH_SIZE }""",
            new BottomSpec(2, 16, 2, 3), new BottomSpec(Fill.Labels(16), 2, 2, 3)),
        new("SoftmaxWithLoss axis",
            """type: "SoftmaxWithLoss" softmax_param { axis: -1 } loss_param { normalization: NONE }""",
            new BottomSpec(2, 3, 4), new BottomSpec(Fill.Labels(4), 2, 3)),
        new("HingeLoss L1", """type: "HingeLoss" """, new BottomSpec(Fill.Away(-2, 2, 0.05f, -1, 1), 4, 5),
            new BottomSpec(Fill.Labels(5), 4)),
        new("HingeLoss L2", """type: "HingeLoss" hinge_loss_param { norm: L2 }""",
            new BottomSpec(Fill.Away(-2, 2, 0.05f, -1, 1), 4, 5),
            new BottomSpec(Fill.Labels(5), 4)),
        new("MultinomialLogisticLoss", """type: "MultinomialLogisticLoss" """,
            new BottomSpec(Fill.Uniform(0.3f, 1), 4, 5), new BottomSpec(Fill.Labels(5), 4))
            { Step = 1e-3f },
        new("SigmoidCrossEntropyLoss", """type: "SigmoidCrossEntropyLoss" """, new BottomSpec(4, 5),
            new BottomSpec(Fill.Uniform(0, 1), 4, 5))
            { CheckBottoms = [0] },
        new("SigmoidCrossEntropyLoss ignored",
            """type: "SigmoidCrossEntropyLoss" loss_param { ignore_label: 1 normalization: VALID }""",
            new BottomSpec(4, 5), new BottomSpec(Fill.Labels(2), 4, 5)),
        new("ContrastiveLoss", """type: "ContrastiveLoss" contrastive_loss_param { margin: 2 }""",
            new BottomSpec(6, 4), new BottomSpec(6, 4), new BottomSpec(Fill.Labels(2), 6)),
        new("ContrastiveLoss legacy",
            """type: "ContrastiveLoss" contrastive_loss_param { margin: 20 legacy_version: true }""",
            new BottomSpec(6, 4), new BottomSpec(6, 4), new BottomSpec(Fill.Labels(2), 6)),
        new("InfogainLoss", """type: "InfogainLoss" loss_param { ignore_label: 0 }""",
            new BottomSpec(2, 4, 2, 3), new BottomSpec(Fill.Labels(4), 2, 2, 3),
            new BottomSpec(Fill.Uniform(0, 1), 4, 4)),
    ];
}
