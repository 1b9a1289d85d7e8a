using Atl.Devices;

namespace Atl.Tests.Layers;

public class SplitLayerTests
{
    [Test]
    public void TheTopsAreTheBottom()
    {
        using LayerRun run = new("""type: "Split" """, tops: 3, LayerRun.Random(new Shape(2, 3)));
        Assert.That(run.Forward(2), Is.EqualTo(LayerRun.Values(run.Bottom[0].Data)));
        Assert.That(run.Top[0].Data.Memory, Is.SameAs(run.Bottom[0].Data.Memory));
    }

    [Test]
    public void TheGradientsAreAdded()
    {
        using LayerRun run = new("""type: "Split" """, tops: 3, LayerRun.Random(new Shape(2, 3000)));
        for (int i = 0; i < 3; i++) run.Top[i].Diff.Fill(i + 1);
        Assert.That(run.Backward(), Is.All.EqualTo(6));
    }

    [Test]
    public void ATopWithoutGradientCountsAsZero()
    {
        using LayerRun run = new("""type: "Split" """, tops: 2, LayerRun.Random(new Shape(2, 3)));
        run.Bottom[0].Diff.Fill(9);
        run.Top[1].Diff.Fill(4);
        Assert.That(run.Backward(), Is.All.EqualTo(4));
    }

    [Test]
    public void WithoutAnyGradientTheSumIsZero()
    {
        using LayerRun run = new("""type: "Split" """, tops: 2, LayerRun.Random(new Shape(2, 3)));
        run.Bottom[0].Diff.Fill(9);
        Assert.That(run.Backward(), Is.All.Zero);
    }

    [Test]
    public void GradientsInDifferentLayoutsAreAdded()
    {
        Shape shape = new(2, 16, 2, 3);
        using LayerRun run = new("""type: "Split" """, tops: 2, LayerRun.Random(shape));
        LayerRun.Values(LayerRun.Random(shape, 2).Data).CopyTo(run.Top[0].Diff.AsWriteOnlySpan());
        LayerRun.Values(LayerRun.Random(shape, 3).Data).CopyTo(run.Top[1].Diff.AsWriteOnlySpan());
        float[] first = LayerRun.Values(run.Top[0].Diff), second = LayerRun.Values(run.Top[1].Diff);
        run.Top[0].Diff.ReadWrite(Device.Cpu, Layout.Blocked16);
        run.Top[1].Diff.ReadWrite(Device.Cpu, Layout.ChannelsLast);
        run.Layer.Backward(run.Top, [true], run.Bottom);
        Assert.That(run.Bottom[0].Diff.Layout, Is.EqualTo(Layout.Blocked16));
        Assert.That(LayerRun.Values(run.Bottom[0].Diff), Is.EqualTo(first.Zip(second, (a, b) => a + b)));
    }
}
