using Atl.Devices;
using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class SliceLayerTests
{
    [TestCase("", 1, new[] { 16, 16, 16 }, Layout.Plain)]
    [TestCase("axis: 1 slice_point: 16 slice_point: 32", 1, new[] { 16, 16, 16 }, Layout.Blocked16)]
    [TestCase("axis: 1 slice_point: 8 slice_point: 24", 1, new[] { 8, 16, 24 }, Layout.Blocked8)]
    [TestCase("axis: 1 slice_point: 1 slice_point: 5", 1, new[] { 1, 4, 43 }, Layout.ChannelsLast)]
    [TestCase("axis: -1 slice_point: 1 slice_point: 3", 3, new[] { 1, 2, 2 }, Layout.Blocked16)]
    [TestCase("slice_dim: 2", 2, new[] { 1, 1, 1 }, Layout.ChannelsLast)]
    [CaffeBehaviour(CaffeBehaviour.SlicePoint)]
    public void TheTopsAreParts(string parameters, int axis, int[] extents, Layout layout)
    {
        Shape shape = new(2, 48, 3, 5);
        using LayerRun run = new($$"""type: "Slice" slice_param { {{parameters}} }""", tops: 3, LayerRun.Random(shape));
        float[] values = LayerRun.Values(run.Bottom[0].Data);
        run.Bottom[0].Data.ReadWrite(Device.Cpu, layout);
        run.Layer.Forward(run.Bottom, run.Top);
        for (int i = 0, begin = 0; i < 3; begin += extents[i++])
        {
            Assert.That(run.Top[i].Data.Layout, Is.EqualTo(layout));
            Assert.That(LayerRun.Values(run.Top[i].Data),
                Is.EqualTo(ConcatLayerTests.Part(values, shape, axis, begin, begin + extents[i])));
            LayerRun.Values(run.Top[i].Data).CopyTo(run.Top[i].Diff.AsWriteOnlySpan());
            run.Top[i].Diff.ReadWrite(Device.Cpu, layout);
        }
        run.Layer.Backward(run.Top, [true], run.Bottom);
        Assert.That(run.Bottom[0].Diff.Layout, Is.EqualTo(layout));
        Assert.That(LayerRun.Values(run.Bottom[0].Diff), Is.EqualTo(values));
    }

    [Test]
    public void ATopWithoutGradientCountsAsZero()
    {
        using LayerRun run = new("""type: "Slice" """, tops: 2, LayerRun.Random(new Shape(2, 2)));
        run.Forward();
        run.SetTopDiff(1, 3, 4);
        Assert.That(run.Backward(), Is.EqualTo(new float[] { 0, 3, 0, 4 }));
    }

    [Test]
    public void ASingleTopIsShared()
    {
        using LayerRun run = new("""type: "Slice" """, tops: 1, LayerRun.Random(new Shape(2, 3)));
        Assert.That(run.Forward(), Is.EqualTo(LayerRun.Values(run.Bottom[0].Data)));
        run.Top[0].Diff.Fill(2);
        Assert.That(run.Backward(), Is.All.EqualTo(2));
    }

    [TestCase("axis: 1 slice_dim: 1", "not both")]
    [TestCase("axis: 0", "cannot be cut into 2 equal tops")]
    [TestCase("slice_point: 1 slice_point: 2", "found 2")]
    [TestCase("slice_point: 4", "must increase and stay below 4")]
    [TestCase("slice_point: 0", "must increase")]
    public void WhatDoesNotFitIsRefused(string parameters, string message) => Assert.That(
        () => new LayerRun($$"""type: "Slice" slice_param { {{parameters}} }""", tops: 2, new Blob(new Shape(3, 4))),
        Throws.TypeOf<LayerException>().With.Message.Contains(message));
}
