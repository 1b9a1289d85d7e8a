namespace Atl.Tests.GradientChecking;

[GradientCases]
internal static class RecurrentGradientCases
{
    // Every stream begins anew at the first step, so that a forward does not depend on the one before it.
    private static readonly BottomSpec Cont = new(Fill.Listed(0, 0, 1, 0.5f, 1, 0, 1, 1), 4, 2);

    public static IEnumerable<GradientCase> Cases { get; } =
    [
        new("LSTM", $$"""type: "LSTM" {{Settings}}""", new BottomSpec(4, 2, 3), Cont),
        new("LSTM static", $$"""type: "LSTM" bottom: "x" bottom: "cont" bottom: "s" {{Settings}}""",
            new BottomSpec(4, 2, 3), Cont, new BottomSpec(2, 5)),
        new("RNN", $$"""type: "RNN" {{Settings}}""", new BottomSpec(4, 2, 3), Cont),
        new("RNN static", $$"""type: "RNN" bottom: "x" bottom: "cont" bottom: "s" {{Settings}}""",
            new BottomSpec(4, 2, 3), Cont, new BottomSpec(2, 5)),
        new("LSTMUnit", """type: "LSTMUnit" """, new BottomSpec(1, 3, 2), new BottomSpec(Fill.Uniform(-2, 2), 1, 3, 8),
            new BottomSpec(Fill.Listed(1, 0, 0.5f), 1, 3)) { Tops = 2 },
    ];

    private static string Settings =>
        """recurrent_param { num_output: 3 weight_filler { type: "uniform" min: -0.8 max: 0.8 } bias_filler { type: "uniform" min: -0.3 max: 0.3 } }""";
}
