namespace Atl.Tests.GradientChecking;

/// <summary>Layers of nets that find objects or classify each pixel.</summary>
[GradientCases]
internal static class DetectionGradientCases
{
    public static IEnumerable<GradientCase> Cases { get; } =
    [
        new("Upsample of YOLO", """type: "Upsample" upsample_param { scale: 3 }""", new BottomSpec(2, 16, 2, 3)),
        new("Upsample of SegNet", """type: "Upsample" upsample_param { upsample_h: 3 upsample_w: 3 }""",
            new BottomSpec(1, 16, 2, 2), new BottomSpec(Places(16, 4, 9), 1, 16, 2, 2)),
        new("Interp larger", """type: "Interp" interp_param { height: 5 width: 7 }""", new BottomSpec(2, 16, 3, 2)),
        new("Interp smaller", """type: "Interp" interp_param { shrink_factor: 2 }""", new BottomSpec(1, 3, 6, 5)),
        new("Interp of a part", """type: "Interp" interp_param { zoom_factor: 2 pad_beg: -1 pad_end: -2 }""",
            new BottomSpec(1, 16, 5, 6)),
        new("ROIPooling", """type: "ROIPooling" roi_pooling_param { pooled_h: 2 pooled_w: 3 spatial_scale: 0.5 }""",
            new BottomSpec(Fill.Distinct(), 2, 16, 4, 5),
            new BottomSpec(Fill.Listed(0, 0, 0, 8, 7, 1, 2, 1, 3, 6, 1, 6, -2, 12, 5), 3, 5)),
        new("SmoothL1Loss", """type: "SmoothL1Loss" """, new BottomSpec(Fill.Uniform(0.2f, 0.9f), 3, 4),
            new BottomSpec(Fill.Uniform(-2, -1.2f), 3, 4)),
        new("SmoothL1Loss weighted", """type: "SmoothL1Loss" smooth_l1_loss_param { sigma: 0.5 }""",
            new BottomSpec(3, 4), new BottomSpec(3, 4), new BottomSpec(3, 4), new BottomSpec(Fill.Uniform(0, 2), 3, 4)),
        new("BN of PSPNet", """type: "BN" """, new BottomSpec(Fill.Uniform(-3, 3), 3, 16, 2, 2)) { InPlace = true,
            Params = [Fill.Uniform(),
            Fill.Uniform()], CheckParams = [0, 1] },
        new("BN of PSPNet in tests", """type: "BN" phase: TEST""", new BottomSpec(Fill.Uniform(-3, 3), 2, 16, 2, 2))
        {
            InPlace = true, Params = [Fill.Uniform(), Fill.Uniform(), Fill.Uniform(), Fill.Uniform(1, 3)],
            CheckParams = [0, 1],
        },
        new("BN of PSPNet frozen", """type: "BN" bn_param { frozen: true }""", new BottomSpec(2, 3, 2, 2))
        {
            InPlace = true, Params = [Fill.Uniform(), Fill.Uniform(), Fill.Uniform(), Fill.Uniform(1, 3)],
            CheckParams = [],
        },
        new("BN of SegNet", """type: "BN" bn_param { bn_mode: LEARN }""",
            new BottomSpec(Fill.Uniform(-3, 3), 3, 16, 2, 2)) { InPlace = true,
            Params = [Fill.Uniform(), Fill.Uniform()] },
        new("BN of SegNet, inference", """type: "BN" bn_param { bn_mode: INFERENCE }""",
            new BottomSpec(2, 16, 2, 2)) { InPlace = true,
            Params = [Fill.Uniform(), Fill.Uniform()] },
        new("Axpy", """type: "Axpy" """, new BottomSpec(2, 16, 1, 1), new BottomSpec(2, 16, 2, 3),
            new BottomSpec(2, 16, 2, 3)),
    ];

    // For each image as many different places as it has pixels.
    private static Values Places(int images, int pixels, int places) => (values, stream) =>
    {
        float[] all = [.. Enumerable.Range(0, places).Select(place => (float)place)];
        for (int image = 0; image < images; image++)
        {
            stream.Shuffle(all);
            all.AsSpan(0, pixels).CopyTo(values[(image * pixels)..]);
        }
    };
}
