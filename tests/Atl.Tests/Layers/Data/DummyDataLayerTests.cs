using Atl.Layers;

namespace Atl.Tests.Layers;

public sealed class DummyDataLayerTests
{
    [Test]
    public void ConstantsStayAndOthersAreFilledAnew()
    {
        using LayerRun run = new(
            "type: 'DummyData' dummy_data_param { shape { dim: 2 dim: 3 } shape { dim: 4 } data_filler { value: "
                + "7 } data_filler { type: 'gaussian' std: 1 } }", 2);
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(2, 3)));
        run.Top[0].Data.Fill(8);
        float[] before = run.Forward(1);
        Assert.That(run.Forward(1), Is.Not.EqualTo(before));
        Assert.That(LayerRun.Values(run.Top[0].Data), Is.All.EqualTo(8),
            "what others wrote into a constant stays, as in Caffe");
    }

    [Test]
    public void AConstantWhoseMemoryWasGivenAwayIsFilledAgain()
    {
        using LayerRun run = new("type: 'DummyData' dummy_data_param { shape { dim: 3 } data_filler { value: 7 } }", 1);
        run.Top[0].Data.Memory.Release();
        Assert.That(run.Forward(), Is.EqualTo([7f, 7f, 7f]));
    }

    [Test]
    public void TheOldFieldsGiveFourAxes()
    {
        using LayerRun run =
            new("type: 'DummyData' dummy_data_param { num: 2 num: 5 channels: 3 height: 1 width: 4 }", 2);
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(2, 3, 1, 4)));
        Assert.That(run.Top[1].Shape, Is.EqualTo(new Shape(5, 3, 1, 4)));
        Assert.That(run.Forward(1), Is.All.Zero);
    }

    [TestCase("shape { dim: 1 } shape { dim: 1 }", "has 2 shape, expected one or one for each of the 3 tops")]
    [TestCase("shape { dim: 1 } data_filler { } data_filler { }",
    "has 2 data_filler, expected none, one or one for each of the 3 tops")]
    [TestCase("shape { dim: 1 } num: 1", "both shape and num are given")]
    [TestCase("num: 1 channels: 1 height: 1", "has 0 width")]
    public void WhatDoesNotFitIsNamed(string fields, string message) =>
        Assert.That(() => new LayerRun($"type: 'DummyData' dummy_data_param {{ {fields} }}", 3),
            Throws.InstanceOf<LayerException>().With.Message.Contains(message));
}
