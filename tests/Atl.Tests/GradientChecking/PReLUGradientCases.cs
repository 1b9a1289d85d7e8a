namespace Atl.Tests.GradientChecking;

[GradientCases]
internal static class PReLUGradientCases
{
    private static readonly Values Inputs = Fill.Away(-1, 1, 0.02f, 0);

    public static IEnumerable<GradientCase> Cases { get; } =
    [
        new("PReLU", """type: "PReLU" """, new BottomSpec(Inputs, 2, 16, 3, 3)) { InPlace = true,
            Params = [Fill.Away(0.1f, 0.9f, 0.02f)] },
        new("PReLU with slopes of either sign", """type: "PReLU" """, new BottomSpec(Inputs, 2, 16, 3, 3)) { InPlace =
            true, Params = [Fill.Uniform()] },
        new("PReLU shared", """type: "PReLU" prelu_param { channel_shared: true }""",
            new BottomSpec(Inputs, 2, 16, 3, 3)) { InPlace = true },
        new("PReLU of rows", """type: "PReLU" """, new BottomSpec(Inputs, 3, 5)) { InPlace = true },
        new("PReLU of volumes", """type: "PReLU" """, new BottomSpec(Inputs, 2, 3, 2, 2, 2)) { InPlace = true,
            Params = [Fill.Uniform(0.2f, 0.5f)] },
    ];
}
