using Atl.Data;
using Atl.Layers;
using Atl.Proto;
using Atl.TestSupport;
using Google.Protobuf;

namespace Atl.Tests.Layers;

public sealed class DataLayerTests : FolderFixture
{
    [Test]
    public void BatchesFollowEachOtherOverTheEnd()
    {
        Write("db", 5);
        using LayerRun run = new(Prototxt("db", "batch_size: 3"), 2);
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(3, 2, 3, 4)));
        Assert.That(run.Top[1].Shape, Is.EqualTo(new Shape(3)));
        foreach (float[] labels in new float[][] { [0, 1, 2], [3, 4, 0], [1, 2, 3], [4, 0, 1] })
        {
            Assert.That(run.Forward(1), Is.EqualTo(labels));
            float[] data = LayerRun.Values(run.Top[0].Data);
            for (int i = 0; i < 3; i++) Assert.That(data[i * 24], Is.EqualTo(labels[i] * 10));
        }
    }

    [Test]
    public void OneTopIsEnough()
    {
        Write("db", 5);
        using LayerRun run = new(Prototxt("db", "batch_size: 2"), 1);
        Assert.That(run.Forward(), Has.Length.EqualTo(48));
    }

    [Test]
    public void AResumedRunGoesOnWithTheItemThatWouldHaveComeNext()
    {
        Write("db", 50);
        string prototxt = Prototxt("db", "batch_size: 4 rand_skip: 30",
            "phase: TRAIN transform_param { crop_size: 2 mirror: true }");
        using LayerRun straight = new(prototxt, 2), first = new(prototxt, 2), second = new(prototxt, 2);
        List<float[]> expected = [], found = [];
        for (int i = 0; i < 20; i++) expected.Add([.. straight.Forward(), .. LayerRun.Values(straight.Top[1].Data)]);
        for (int i = 0; i < 7; i++) found.Add([.. first.Forward(), .. LayerRun.Values(first.Top[1].Data)]);
        LayerState state = new();
        first.Layer.SaveState(state);
        second.Forward();
        second.Layer.LoadState(state);
        for (int i = 7; i < 20; i++) found.Add([.. second.Forward(), .. LayerRun.Values(second.Top[1].Data)]);
        Assert.That(found, Is.EqualTo(expected));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.RandSkip)]
    public void RandSkipPassesOverADrawnNumberOfRecordsOnce()
    {
        Write("db", 50);
        using LayerRun none = new(Prototxt("db", "batch_size: 50 rand_skip: 1"), 2),
            some = new(Prototxt("db", "batch_size: 50 rand_skip: 50"), 2);
        float[] labels = none.Forward(1), skipped = some.Forward(1);
        int first = Array.IndexOf(labels, skipped[0]);
        Assert.That(first, Is.InRange(1, 49), "what seed 7 draws");
        Assert.That(skipped, Is.EqualTo((float[])[.. labels[first..], .. labels[..first]]));
        Assert.That(some.Forward(1), Is.EqualTo(skipped), "the second pass begins where the first did");
    }

    [Test]
    public void RandSkipMayBeAnyNumberOf32Bits()
    {
        Write("db", 5);
        using LayerRun none = new(Prototxt("db", "batch_size: 5"), 2),
            some = new(Prototxt("db", "batch_size: 5 rand_skip: 4294967295"), 2);
        Assert.That(some.Forward(1).Order(), Is.EqualTo(none.Forward(1).Order()),
            "skipped records come again after the last");
    }

    [Test]
    public void ABatchThatNoArrayHoldsIsRefused()
    {
        Write("db", 5);
        Assert.That(() => new LayerRun(Prototxt("db", "batch_size: 2147483647"), 2),
            Throws.TypeOf<LayerException>().With.Message.Contains("the number of values of a batch of shape 2147483647")
                .And.Message.Contains("data_param.batch_size"));
    }

    [TestCase("TEST", true)]
    [TestCase("TRAIN", false)]
    [CaffeBehaviour(CaffeBehaviour.Mirror)]
    public void MirroringInATestIsWarnedOf(string phase, bool warned)
    {
        Write("db", 3);
        LogCapture log = new();
        using LayerRun run =
            new(Prototxt("db", "batch_size: 1", $"phase: {phase} transform_param {{ mirror: true }}"), 1, log);
        Assert.That(log.Lines.Any(entry => entry.Line.Contains("layer 'tested': mirror acts in TEST too",
            StringComparison.Ordinal)), Is.EqualTo(warned));
    }

    [Test]
    public void ABatchTakesTheSizeOfItsFirstImage()
    {
        using (LmdbWriter writer = new(_folder["db"]))
            for (int i = 0; i < 4; i++) writer.Put($"{i}", Image(i, 1, 2 + i / 2, 2));
        using LayerRun run = new(Prototxt("db", "batch_size: 2"), 1);
        Assert.That(run.Forward(), Has.Length.EqualTo(2 * 4));
        Assert.That(run.Forward(), Has.Length.EqualTo(2 * 6));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(2, 1, 3, 2)));
    }

    [Test]
    public void ImagesOfDifferentSizesInABatchAreAnErrorThatNamesTheRecord()
    {
        using (LmdbWriter writer = new(_folder["db"]))
            for (int i = 0; i < 3; i++) writer.Put($"key{i}", Image(i, 1, 2 + i, 2));
        using LayerRun run = new(Prototxt("db", "batch_size: 2"), 1);
        Assert.That(() => run.Forward(), Throws.InstanceOf<LayerException>().With.Message
            .Contains($"layer 'tested' (Data): {_folder["db"]}: record 'key1': an image that becomes 1 3 2 (6) values, "
                + "expected 4 values as the first of its batch"));
        Assert.That(() => run.Forward(), Throws.InstanceOf<LayerException>(), "the error stays");
    }

    [Test]
    public void ATruncatedRecordIsNamed()
    {
        using (LmdbWriter writer = new(_folder["db"]))
        {
            writer.Put("00000000_a", Image(0, 1, 2, 2));
            writer.Put("00000001_b", Image(1, 1, 2, 2).ToByteArray()[..7]);
        }
        using LayerRun run = new(Prototxt("db", "batch_size: 1"), 1);
        run.Forward();
        Assert.That(() => run.Forward(),
            Throws.InstanceOf<LayerException>().With.Message.Contains(
                "record '00000001_b' (2 of 2): 7 bytes that are not a complete Datum"));
    }

    [Test]
    public void WhatCannotBeOpenedIsNamed()
    {
        Write("db", 1);
        Assert.Multiple(() =>
        {
            Fails(Prototxt("absent", "batch_size: 1"), "layer 'tested' (Data): " + _folder["absent"]
                + ": no such folder");
            Fails(Prototxt("db", "batch_size: 0"), "data_param.batch_size is 0, expected a positive number");
            Fails("type: 'Data' data_param { batch_size: 1 }", "data_param.source is missing");
            Fails($"type: 'Data' data_param {{ source: '{_folder["db"]}' batch_size: 1 }}",
                "data_param.backend is not given, which means LEVELDB, but '" + _folder["db"]
                    + "' is an LMDB: write backend: LMDB");
            Fails($"type: 'Data' data_param {{ source: '{_folder["x"]}' batch_size: 1 backend: LEVELDB }}",
                $"{_folder["x"]}: no such folder, expected a folder with a LevelDB");
            Fails(Prototxt("db", "batch_size: 1", "transform_param { crop_size: 9 }"),
                "record '00000000_x': crop_size 9 is larger than the image of 3 x 4");
        });
    }

    [TestCase("")]
    [TestCase("backend: LEVELDB")]
    [CaffeBehaviour(CaffeBehaviour.LevelDbByDefault)]
    public void ALevelDbIsTheDefault(string backend)
    {
        using (LevelDbWriter writer = new(_folder["db"]))
            for (int i = 0; i < 5; i++) writer.Put(RecordWriter.KeyOf(i, "x"), Image(i, 2, 3, 4));
        using LayerRun run = new($"type: 'Data' data_param {{ source: '{_folder["db"]}' batch_size: 3 {backend} }}", 2);
        foreach (float[] labels in new float[][] { [0, 1, 2], [3, 4, 0], [1, 2, 3] })
            Assert.That(run.Forward(1), Is.EqualTo(labels));
        LayerState state = new();
        run.Layer.SaveState(state);
        using LayerRun resumed =
            new($"type: 'Data' data_param {{ source: '{_folder["db"]}' batch_size: 3 {backend} }}", 2);
        resumed.Layer.LoadState(state);
        Assert.That(resumed.Forward(1), Is.EqualTo(new float[] { 4, 0, 1 }));
    }

    [Test]
    public void FloatDataIsNotScaledToBytes()
    {
        using (LmdbWriter writer = new(_folder["db"]))
        {
            Datum datum = new() { Channels = 2, Height = 1, Width = 2, Label = 3 };
            datum.FloatData.Add([-1.5f, 0.25f, 1000f, 3e-5f]);
            writer.Put("0", datum);
        }
        using LayerRun run =
            new(Prototxt("db", "batch_size: 1", "transform_param { scale: 2 mean_value: 1 mean_value: 10 }"), 2);
        Assert.That(run.Forward(), Is.EqualTo([-5f, -1.5f, 1980f, 2 * (3e-5f - 10)]));
        Assert.That(LayerRun.Values(run.Top[1].Data), Is.EqualTo([3f]));
    }

    [TestCase("", 3)]
    [TestCase("force_gray: true", 1)]
    public void EncodedRecordsAreDecoded(string transform, int channels)
    {
        using (OpenCvSharp.Mat image = new(2, 3, OpenCvSharp.MatType.CV_8UC3, new OpenCvSharp.Scalar(10, 20, 30)))
        using (LmdbWriter writer = new(_folder["db"]))
        {
            OpenCvSharp.Cv2.ImEncode(".png", image, out byte[] png);
            writer.Put("0", new Datum { Encoded = true, Label = 4, Data = ByteString.CopyFrom(png) });
        }
        using LayerRun run = new(Prototxt("db", "batch_size: 1", $"transform_param {{ {transform} }}"), 2);
        float[] data = run.Forward();
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(1, channels, 2, 3)));
        Assert.That(new[] { data[0], data[^1] }, Is.EqualTo(channels == 3 ? new float[] { 10, 30 } : [22, 22])
            .Within(channels == 3 ? 0 : 1));
    }

    [Test]
    public void SeveralLabelsMakeATopOfShapeBatchByLabels()
    {
        using (LmdbWriter writer = new(_folder["db"]))
            for (int i = 0; i < 3; i++)
            {
                Datum datum = Image(i, 1, 2, 2);
                datum.FloatLabel.Add([i, i + 0.5f, -i]);
                writer.Put($"{i}", datum);
            }
        using LayerRun run = new(Prototxt("db", "batch_size: 2"), 2);
        Assert.That(run.Top[1].Shape, Is.EqualTo(new Shape(2, 3)));
        Assert.That(run.Forward(1), Is.EqualTo([0f, 0.5f, 0, 1, 1.5f, -1]));
        Assert.That(run.Forward(1), Is.EqualTo([2f, 2.5f, -2, 0, 0.5f, 0]));
    }

    [Test]
    public void ARecordWithAnotherNumberOfLabelsIsNamed()
    {
        using (LmdbWriter writer = new(_folder["db"]))
            for (int i = 0; i < 2; i++)
            {
                Datum datum = Image(i, 1, 2, 2);
                for (int k = 0; k <= 1 + i; k++) datum.FloatLabel.Add(k);
                writer.Put($"key{i}", datum);
            }
        using LayerRun run = new(Prototxt("db", "batch_size: 2"), 2);
        Assert.That(() => run.Forward(),
            Throws.InstanceOf<LayerException>().With.Message.Contains(
                "record 'key1': 3 labels, expected 2 as in the first of its batch"));
    }

    [Test]
    public void AMeanOfAnotherSizeNamesTheRecordAndBothShapes()
    {
        Write("db", 2);
        ProtoFiles.WriteBlob(_folder["mean.binaryproto"], new Tensor(new Shape(1, 2, 3, 5)).ToProto());
        Fails(
            Prototxt("db", "batch_size: 1", $"transform_param {{ mean_file: '{_folder["mean.binaryproto"]}' }}"),
            "record '00000000_x': " + _folder["mean.binaryproto"]
                + ": a mean of shape 2 3 5 (30) for an image of shape 2 3 4 (24), expected equal ones");
    }

    private static void Fails(string prototxt, string message) =>
        Assert.That(() => new LayerRun(prototxt, 1),
            Throws.InstanceOf<LayerException>().With.Message.Contains(message));

    private static Datum Image(int label, int channels, int height, int width)
    {
        byte[] pixels = new byte[channels * height * width];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)(label * 10 + i);
        return new Datum
        {
            Channels = channels,
            Height = height,
            Width = width,
            Label = label,
            Data = ByteString.CopyFrom(pixels)
        };
    }

    private string Prototxt(string source, string data, string more = "") =>
        $"type: 'Data' {more} data_param {{ source: '{_folder[source]}' backend: LMDB {data} }}";

    private void Write(string name, int records)
    {
        using LmdbWriter writer = new(_folder[name]);
        for (int i = 0; i < records; i++) writer.Put(LmdbWriter.KeyOf(i, "x"), Image(i, 2, 3, 4));
    }
}
