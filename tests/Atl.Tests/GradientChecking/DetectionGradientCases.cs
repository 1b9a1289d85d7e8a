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
        new("Interp of a part", """type: "Interp" interp_param { zoom_factor: 2 pad_beg: -1 pad_end: -2 }""", new BottomSpec(1, 16, 5, 6)),
        new("Axpy", """type: "Axpy" """, new BottomSpec(2, 16, 1, 1), new BottomSpec(2, 16, 2, 3), new BottomSpec(2, 16, 2, 3)),
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
