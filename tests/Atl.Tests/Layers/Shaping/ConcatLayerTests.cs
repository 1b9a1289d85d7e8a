using Atl.Devices;
using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class ConcatLayerTests
{
    /// <summary>The elements of a tensor with indices [begin, end) along an axis, in plain order.</summary>
    public static float[] Part(float[] values, Shape shape, int axis, int begin, int end)
    {
        long inner = shape.CountFrom(axis + 1);
        return [.. values.Where((_, i) => i / inner % shape[axis] >= begin && i / inner % shape[axis] < end)];
    }

    [TestCase(0, Layout.Plain)]
    [TestCase(1, Layout.Plain)]
    [TestCase(-1, Layout.Plain)]
    [TestCase(0, Layout.Blocked16)]
    [TestCase(1, Layout.Blocked16)]
    [TestCase(2, Layout.Blocked16)]
    [TestCase(3, Layout.Blocked8)]
    [TestCase(0, Layout.ChannelsLast)]
    [TestCase(1, Layout.ChannelsLast)]
    [TestCase(2, Layout.ChannelsLast)]
    [CaffeBehaviour(CaffeBehaviour.ConcatAxis)]
    public void TheBottomsFollowOneAnother(int axis, Layout layout)
    {
        Shape shape = new(2, 16, 3, 4);
        int[] extents = axis == 1 ? [16, 48, 32] : [1, 3, 2];
        Blob[] bottoms = [.. extents.Select((extent, i) => LayerRun.Random(shape.With(axis, extent), (ulong)i))];
        using LayerRun run = new($$"""type: "Concat" concat_param { axis: {{axis}} }""", tops: 1, bottoms);
        float[][] values = [.. bottoms.Select(blob => LayerRun.Values(blob.Data))];
        foreach (Blob blob in bottoms) blob.Data.ReadWrite(Device.Cpu, layout);
        run.Layer.Forward(run.Bottom, run.Top);
        Assert.That(run.Top[0].Data.Layout, Is.EqualTo(layout));
        float[] joined = LayerRun.Values(run.Top[0].Data);

        joined.CopyTo(run.Top[0].Diff.AsWriteOnlySpan());
        run.Top[0].Diff.ReadWrite(Device.Cpu, layout);
        run.Layer.Backward(run.Top, [true, false, true], run.Bottom);
        for (int i = 0, begin = 0; i < 3; begin += extents[i++])
        {
            Assert.That(Part(joined, run.Top[0].Shape, (axis + 4) % 4, begin, begin + extents[i]),
                Is.EqualTo(values[i]));
            Assert.That(LayerRun.Values(bottoms[i].Diff), Is.EqualTo(i == 1 ? new float[values[1].Length] : values[i]));
        }
    }

    [Test]
    public void PiecesThatAreNoBlocksAreJoinedPlain()
    {
        Blob first = LayerRun.Random(new Shape(1, 16, 2, 2)), second = LayerRun.Random(new Shape(1, 5, 2, 2), 2);
        using LayerRun run = new("""type: "Concat" """, tops: 1, first, second);
        float[] expected = [.. LayerRun.Values(first.Data), .. LayerRun.Values(second.Data)];
        first.Data.ReadWrite(Device.Cpu, Layout.Blocked16);
        Assert.That(run.Forward(), Is.EqualTo(expected));
    }

    [Test]
    public void ManyLargePiecesAreSharedAmongThreads()
    {
        Blob[] bottoms =
            [.. Enumerable.Range(0, 7).Select(i => LayerRun.Random(new Shape(3, 1 + i * 900, 5), (ulong)i))];
        using LayerRun run = new("""type: "Concat" """, tops: 1, bottoms);
        float[] joined = run.Forward();
        for (int i = 0, begin = 0; i < 7; begin += bottoms[i++].Shape[1])
            Assert.That(Part(joined, run.Top[0].Shape, 1, begin, begin + bottoms[i].Shape[1]),
                Is.EqualTo(LayerRun.Values(bottoms[i].Data)));
    }

    [Test]
    public void ASingleBottomIsShared()
    {
        using LayerRun run = new("""type: "Concat" """, tops: 1, LayerRun.Random(new Shape(2, 3)));
        Assert.That(run.Forward(), Is.EqualTo(LayerRun.Values(run.Bottom[0].Data)));
        run.Top[0].Diff.Fill(2);
        Assert.That(run.Backward(), Is.All.EqualTo(2));
    }

    [Test]
    public void TheOldNameOfTheAxisWorks()
    {
        using LayerRun run = new("""type: "Concat" concat_param { concat_dim: 0 }""", tops: 1,
            new Blob(new Shape(2, 3)), new Blob(new Shape(4, 3)));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(6, 3)));
    }

    [TestCase("concat_param { axis: 1 concat_dim: 1 }", "not both")]
    [TestCase("concat_param { axis: 0 }", "must agree in all axes but 0")]
    [TestCase("concat_param { axis: 3 }", "axis 3")]
    public void WhatDoesNotFitIsRefused(string parameters, string message) => Assert.That(
        () => new LayerRun($"""type: "Concat" {parameters}""", tops: 1, new Blob(new Shape(2, 3, 4)),
            new Blob(new Shape(2, 2, 4))),
        Throws.TypeOf<LayerException>().With.Message.Contains(message));
}
