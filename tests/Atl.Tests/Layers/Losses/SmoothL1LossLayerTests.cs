using Atl.Layers;

namespace Atl.Tests.Layers;

public class SmoothL1LossLayerTests
{
    // Differences 0.5, -3 in one sample and 0, 1 in the other.
    [TestCase("", (0.125 + 2.5 + 0 + 0.5) / 2, 0.25, -0.5, 0, 0.5)]
    [TestCase("smooth_l1_loss_param { sigma: 2 }", (0.375 + 2.875 + 0 + 0.875) / 2, 0.5, -0.5, 0, 0.5)]
    public void SmallDifferencesAreSquaredAndLargeOnesAreNot(string given, double loss, params double[] gradient)
    {
        using LayerRun run = new($"type: 'SmoothL1Loss' {given}", tops: 1, LayerRun.Blob(new Shape(2, 2), 1, -1, 4, 3),
            LayerRun.Blob(new Shape(2, 2),
            0.5f, 2, 4, 2));
        Assert.That(run.Forward(), Is.EqualTo([loss]).Within(1e-6));
        run.SetTopDiff(0, 1);
        Assert.That(run.Backward(0), Is.EqualTo(gradient).Within(1e-6));
        Assert.That(run.Backward(1), Is.EqualTo(gradient.Select(value => -value)).Within(1e-6));
    }

    // The differences 1 and 3, halved and taken threefold inside, and counted 10 and 1 times outside: 10 * 0.5 * 0.25 +
    // 9 - 0.5.
    [Test]
    public void WeightsCountInsideAndOutside()
    {
        using LayerRun run = new(
            "type: 'SmoothL1Loss'", tops: 1, LayerRun.Blob(new Shape(1, 2), 1, 3), LayerRun.Blob(new Shape(1, 2), 0, 0),
            LayerRun.Blob(new Shape(1, 2),
                0.5f, 3), LayerRun.Blob(new Shape(1, 2), 10, 1));
        Assert.That(run.Forward(), Is.EqualTo([9.75f]).Within(1e-6));
        run.SetTopDiff(0, 2);
        Assert.That(run.Backward(), Is.EqualTo([2 * 10 * 0.5f * 0.5f, 2 * 3f]).Within(1e-6));
    }

    [Test]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.That(() => new LayerRun("type: 'SmoothL1Loss'", 1, new Blob(new Shape(2, 2)), new Blob(new Shape(2, 3))),
            Throws.TypeOf<LayerException>().With.Message.Contains("equally many"));
        Assert.That(
            () => new LayerRun("type: 'SmoothL1Loss' smooth_l1_loss_param { sigma: 0 }", 1, new Blob(new Shape(2, 2)),
                new Blob(new Shape(2, 2))),
            Throws.TypeOf<LayerException>().With.Message.Contains("sigma"));
    }
}
