using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class ContrastiveLossLayerTests
{
    // Three pairs at distances 5 (similar), 1 and 3 (not): margin 3. The second costs (3 - 1)² = 4, in the legacy
    // version 3 - 1² = 2.
    private static LayerRun Run(string version) => new(
        $$"""type: "ContrastiveLoss" contrastive_loss_param { margin: 3 {{version}} }""", tops: 1,
        LayerRun.Blob(new Shape(3, 2), 3, 4, 1, 0, 0, 3), new Blob(new Shape(3, 2)),
        LayerRun.Blob(new Shape(3), 1, 0, 0));

    [TestCase("", 29 / 6f, -2f)]
    [TestCase("legacy_version: true", 27 / 6f, -1f)]
    [CaffeBehaviour(CaffeBehaviour.ContrastiveLegacyVersion)]
    public void NearPairsPullAndFarPairsPushWithinTheMargin(string version, float loss, float push)
    {
        using LayerRun run = Run(version);
        Assert.That(run.Forward()[0], Is.EqualTo(loss).Within(1e-6f));
        run.SetTopDiff(0, 3);
        float[] gradient = [3, 4, push, 0, 0, 0];
        Assert.That(run.Backward(0), Is.EqualTo(gradient).Within(1e-3f));
        Assert.That(run.Backward(1), Is.EqualTo(gradient.Select(value => -value)).Within(1e-3f));
    }

    [Test]
    public void AllBottomsNeedTheSamePairs() => Assert.That(
        () => new LayerRun("""type: "ContrastiveLoss" """, tops: 1, new Blob(new Shape(2, 3)),
            new Blob(new Shape(2, 3)), new Blob(new Shape(3))),
        Throws.TypeOf<LayerException>().With.Message.Contains("2 marks of similarity"));
}
