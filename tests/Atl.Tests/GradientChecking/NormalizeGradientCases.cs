namespace Atl.Tests.GradientChecking;

[GradientCases]
internal static class NormalizeGradientCases
{
    private static readonly BottomSpec Image = new(2, 16, 3, 2), Flat = new(3, 7);

    public static IEnumerable<GradientCase> Cases { get; } =
    [
        new("Normalize of a face net", """type: "Normalize" """, Flat),
        new("Normalize of a face net, each place", """type: "Normalize" """, Image),
        new("Normalize of SSD across spatial", """type: "Normalize" norm_param { }""", Image),
        new("Normalize of SSD, a scale a channel",
            """type: "Normalize" norm_param { across_spatial: false channel_shared: false eps: 0.5 }""", Image)
        {
            Params = [Fill.Uniform()],
        },
        new("Normalize of SSD, one scale",
            """type: "Normalize" norm_param { across_spatial: false scale_filler { type: "constant" value: 3 } }""",
            Flat),
        new("Normalize of SSD across spatial, a scale a channel",
            """type: "Normalize" norm_param { channel_shared: false }""", Image)
        {
            Params = [Fill.Uniform()],
        },
        new("Normalize L1", """type: "Normalize" normalize_param { normalize_type: "L1" }""",
            new BottomSpec(Fill.Away(-1, 1, 0.05f, 0), 3, 7)),
        new("Normalize L1, norms", """type: "Normalize" normalize_param { normalize_type: "L1" bp_norm: true }""",
            new BottomSpec(Fill.Away(-1, 1, 0.05f, 0), 2, 16, 3, 2)) { Tops = 2 },
        new("Normalize, norms", """type: "Normalize" normalize_param { bp_norm: true }""", Image) { Tops = 2 },
        new("Normalize of rows, norms", """type: "Normalize" normalize_param { bp_norm: true }""", Flat) { Tops = 2 },
        new("Normalize, norms without a gradient", """type: "Normalize" """, Image) { Tops = 2, CheckTops = [0] },
        new("L2Norm", """type: "L2Norm" """, Image),
        new("L2Norm of rows", """type: "L2Norm" """, Flat),
        new("NormL2", """type: "NormL2" """, Image),
        new("ChannelScale", """type: "ChannelScale" """, Image, new BottomSpec(2, 1, 3, 2)),
        new("ChannelScale of rows", """type: "ChannelScale" """, Flat, new BottomSpec(3, 1)),
    ];
}
