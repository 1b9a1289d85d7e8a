using Atl.Layers;

namespace Atl.Tests.Layers;

public class InterpLayerTests
{
    // From 2 x 2 to 3 x 5: rows at 0, 0.5, 1 and columns at 0, 0.25, 0.5, 0.75, 1.
    [Test]
    public void CornersStayAndWhatIsBetweenIsInterpolated()
    {
        using LayerRun run = new("""type: "Interp" interp_param { height: 3 width: 5 }""", tops: 1,
            LayerRun.Blob(new Shape(1, 1, 2, 2), 0, 4, 8, 16));
        Assert.That(run.Forward(), Is.EqualTo([0, 1, 2, 3, 4, 4, 5.5f, 7, 8.5f, 10, 8, 10, 12, 14, 16]));
        run.SetTopDiff(0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0);
        Assert.That(run.Backward(), Is.EqualTo([0.5f + 0.125f, 0.5f + 0.375f, 0.125f, 0.375f]));
    }

    [TestCase("zoom_factor: 3", 13, 19)]
    [TestCase("shrink_factor: 2", 3, 4)]
    [TestCase("shrink_factor: 2 zoom_factor: 3", 7, 10)]
    [TestCase("zoom_factor: 3 height: 2 width: 2", 13, 19)]
    [TestCase("shrink_factor: 2 zoom_factor: 3 height: 2 width: 9", 2, 9)]
    [TestCase("zoom_factor: 2 pad_beg: -1 pad_end: -2", 3, 7)]
    public void TheSizeIsDeepLabs(string parameters, int height, int width)
    {
        using LayerRun run = new($"type: 'Interp' interp_param {{ {parameters} }}", tops: 1,
            new Blob(new Shape(2, 3, 5, 7)));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(2, 3, height, width)));
    }

    [Test]
    public void CutRowsAndColumnsAreLeftOut()
    {
        float[] values = [.. Enumerable.Range(0, 16).Select(value => (float)value)];
        using LayerRun run = new("""type: "Interp" interp_param { zoom_factor: 1 pad_beg: -1 pad_end: -1 }""", tops: 1,
            LayerRun.Blob(new Shape(1, 1, 4,
            4), values));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 5, 6, 9, 10 }));
        run.SetTopDiff(0, 1, 2, 3, 4);
        Assert.That(run.Backward(), Is.EqualTo(new float[] { 0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 0 }));
    }

    [TestCase("", "needs shrink_factor")]
    [TestCase("interp_param { height: 3 }", "needs shrink_factor")]
    [TestCase("interp_param { zoom_factor: 0 }", "1 or more")]
    [TestCase("interp_param { zoom_factor: 2 pad_beg: 1 }", "0 or negative")]
    [TestCase("interp_param { zoom_factor: 2 pad_end: -2 }", "nothing left")]
    public void WhatDoesNotFitIsRefused(string parameters, string problem) => Assert.That(
        () => new LayerRun($"type: 'Interp' {parameters}", 1, new Blob(new Shape(1, 1, 2, 2))),
        Throws.TypeOf<LayerException>().With.Message.Contains(problem));
}
