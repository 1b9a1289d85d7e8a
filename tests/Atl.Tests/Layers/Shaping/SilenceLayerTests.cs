namespace Atl.Tests.Layers;

public class SilenceLayerTests
{
    [Test]
    public void TheGradientIsZero()
    {
        using LayerRun run = new("""type: "Silence" """, tops: 0, new Blob(new Shape(2, 3)), new Blob(new Shape(4)));
        run.Bottom[1].Diff.Fill(3);
        Assert.That(run.Backward(1), Is.All.Zero);
    }
}
