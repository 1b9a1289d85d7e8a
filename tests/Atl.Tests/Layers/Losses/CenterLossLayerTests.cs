using Atl.Layers;

namespace Atl.Tests.Layers;

public class CenterLossLayerTests
{
    // Centres (1, 0) and (0, 2). Samples of class 0: (3, 0), (1, 4); of class 1: (0, 0).
    private static LayerRun Run(string distance = "")
    {
        LayerRun run = new(
            $"type: 'CenterLoss' center_loss_param {{ num_output: 3 {distance} }}", 1,
            LayerRun.Blob(new Shape(3, 2), 3, 0, 0, 0, 1, 4),
                LayerRun.Blob(new Shape(3), 0, 1, 0));
        new float[] { 1, 0, 0, 2, 7, 7 }.CopyTo(run.Layer.Blobs[0].Data.AsWriteOnlySpan());
        return run;
    }

    [Test]
    public void TheLossIsHalfTheMeanSquaredDistance()
    {
        using LayerRun run = Run();
        Assert.That(run.Forward(), Is.EqualTo([(4f + 4 + 16) / 6]).Within(1e-6));
        run.SetTopDiff(0, 0.5f);
        run.Layer.Blobs[0].Diff.Fill(0);
        Assert.That(run.Backward(), Is.EqualTo([2 / 6f, 0, 0, -2 / 6f, 0, 4 / 6f]).Within(1e-6));
        // Class 0: ((1, 0) - (3, 0) + (1, 0) - (1, 4)) / 3; class 1: ((0, 2) - (0, 0)) / 2; class 2 has no sample. The
        // loss' weight has no part in it.
        Assert.That(LayerRun.Values(run.Layer.Blobs[0].Diff), Is.EqualTo([-2 / 3f, -4 / 3f, 0, 1, 0, 0]).Within(1e-6));
    }

    [Test]
    public void DistancesMayBeAbsolute()
    {
        using LayerRun run = Run("distance_type: 'L1'");
        Assert.That(run.Forward(), Is.EqualTo([(2f + 2 + 4) / 3]).Within(1e-6));
    }

    [TestCase("center_loss_param { }", "num_output must be the number of classes and positive, found 0")]
    [TestCase("center_loss_param { num_output: 2 distance_type: 'L3' }",
    "distance_type must be \"L1\" or \"L2\", found \"L3\"")]
    [TestCase("center_loss_param { num_output: 2 axis: 0 }", "needs one label for each of the 1 samples, found 3")]
    public void WhatDoesNotFitIsRefused(string parameters, string message) => Assert.That(
        () => new LayerRun($"type: 'CenterLoss' {parameters}", 1, new Blob(new Shape(3, 2)), new Blob(new Shape(3))),
        Throws.TypeOf<LayerException>().With.Message.Contains(message));

    [Test]
    public void ALabelWithoutACentreIsRefused()
    {
        using LayerRun run = Run();
        run.Bottom[1].Data.AsSpan()[1] = 3;
        Assert.That(() => run.Forward(),
            Throws.TypeOf<LayerException>().With.Message.Contains("the label of sample 1 is 3, expected 0..2"));
    }
}
