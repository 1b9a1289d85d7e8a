using Atl.Layers;
using Atl.Proto;
using Google.Protobuf;

namespace Atl.Tests.Layers;

public sealed class MemoryDataLayerTests
{
    private const string Shape2X1X1X2 = "memory_data_param { batch_size: 2 channels: 1 height: 1 width: 2 }";

    [Test]
    public void BatchesAreCutFromWhatResetGave()
    {
        using LayerRun run = Make();
        MemoryDataLayer layer = (MemoryDataLayer)run.Layer;
        layer.Reset(new float[] { 1, 2, 3, 4, 5, 6, 7, 8 }, new float[] { 0, 1, 2, 3 });
        Assert.That(run.Forward(), Is.EqualTo([1f, 2, 3, 4]));
        Assert.That(run.Forward(1), Is.EqualTo([2f, 3]));
        Assert.That(run.Forward(), Is.EqualTo([1f, 2, 3, 4]));
    }

    [Test]
    public void DatumsAreTransformed()
    {
        using LayerRun run = Make("transform_param { scale: 0.5 }");
        ((MemoryDataLayer)run.Layer).AddDatumVector([Image(2, 4, 5),
            new Datum(Image(6, 8, 9)) { FloatLabel = { 0.5f } }]);
        Assert.That(run.Forward(), Is.EqualTo([1f, 2, 3, 4]));
        Assert.That(LayerRun.Values(run.Top[1].Data), Is.EqualTo([5f, 0.5f]));
    }

    [Test]
    public void TheBatchSizeMayChangeBetweenSets()
    {
        using LayerRun run = Make();
        MemoryDataLayer layer = (MemoryDataLayer)run.Layer;
        layer.BatchSize = 3;
        layer.AddDatumVector([Image(1, 1, 0), Image(2, 2, 0), Image(3, 3, 0)]);
        Assert.That(() => layer.BatchSize = 1,
            Throws.InstanceOf<LayerException>().With.Message.Contains(
                "cannot change until the added images have been used"));
        Assert.That(run.Forward(), Has.Length.EqualTo(6));
        layer.BatchSize = 1;
    }

    [Test]
    public void WhatDoesNotFitIsNamed()
    {
        using LayerRun run = Make();
        MemoryDataLayer layer = (MemoryDataLayer)run.Layer;
        Assert.Multiple(() =>
        {
            Fails(() => _ = run.Forward(), "no images: the program must give some");
            Fails(() => layer.AddDatumVector([Image(1, 2, 3)]),
                "1 image, expected a positive multiple of the batch size 2");
            Fails(() => layer.AddDatumVector([Image(1, 2, 3), new Datum(Image(1, 2, 3)) { FloatLabel = { 1, 2 } }]),
                "image 1 of 2 has 2 labels, expected one");
            Fails(() => layer.Reset(new float[3], new float[2]), "3 values for 2 labels, expected 4");
            Fails(() => layer.AddDatumVector([Image(1, 2, 3),
                new Datum { Channels = 1, Height = 1, Width = 1, Data = ByteString.CopyFrom(1) }]),
                "image 1 of 2: an image that becomes 1 1 1 (1) values, expected 2");
        });
        layer.AddDatumVector([Image(1, 2, 3), Image(1, 2, 3)]);
        Fails(() => layer.AddDatumVector([Image(1, 2, 3), Image(1, 2, 3)]),
            "cannot be added until those added before have been used");
        Fails(() => _ = new LayerRun("type: 'MemoryData' memory_data_param { batch_size: 2 channels: 1 height: 1 }", 2),
            "width 0, expected all positive");
    }

    private static void Fails(Action action, string message) =>
        Assert.That(action, Throws.InstanceOf<LayerException>().With.Message.Contains(message));

    private static LayerRun Make(string more = "") => new($"type: 'MemoryData' {Shape2X1X1X2} {more}", 2);

    private static Datum Image(byte first, byte second, int label) =>
        new() { Channels = 1, Height = 1, Width = 2, Data = ByteString.CopyFrom(first, second), Label = label };
}
