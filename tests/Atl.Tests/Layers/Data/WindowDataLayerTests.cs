using Atl.Layers;
using Atl.Proto;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Tests.Layers;

/// <summary>Images of constant columns, so that every value of a resized window can be worked by hand.</summary>
public sealed class WindowDataLayerTests : FolderFixture
{
    [SetUp]
    public void MakeFiles()
    {
        using (Mat image = new(8, 10, MatType.CV_8UC3))
        {
            for (int y = 0; y < 8; y++)
                for (int x = 0; x < 10; x++) image.Set(y, x, new Vec3b((byte)(10 * x + y), 100, 200));
            Cv2.ImWrite(_folder["a.png"], image);
        }
        Write("# 0\na.png\n3\n8\n10\n3\n5 0.9 2 1 5 4\n0 0.1 6 4 9 7\n4 0.4 0 0 1 1\n");
    }

    [Test]
    public void ABatchBeginsWithBackgroundAndEndsWithObjects()
    {
        using LayerRun run = Run("batch_size: 4 fg_fraction: 0.25 bg_threshold: 0.3", "crop_size: 4");
        Assert.That((run.Top[0].Shape, run.Top[1].Shape), Is.EqualTo((new Shape(4, 3, 4, 4), new Shape(4))));
        for (int i = 0; i < 5; i++) Assert.That(run.Forward(1), Is.EqualTo(new float[] { 0, 0, 0, 5 }));
        float[] data = run.Forward();
        // The windows are 4 x 4 already: no value is interpolated.
        Assert.That(data[..4], Is.EqualTo(new float[] { 64, 74, 84, 94 }));
        Assert.That(data[(3 * 48)..(3 * 48 + 8)], Is.EqualTo(new float[] { 21, 31, 41, 51, 22, 32, 42, 52 }));
    }

    [Test]
    public void MeanAndScaleAct()
    {
        using LayerRun run = Run("batch_size: 2 fg_fraction: 0.5 bg_threshold: 0.3",
            "crop_size: 4 mean_value: 1 mean_value: 2 mean_value: 3 scale: 2");
        float[] data = run.Forward();
        Assert.That(new[] { data[48], data[64], data[80] }, Is.EqualTo(new float[] { 40, 196, 394 }));
        // A mean image larger than the crop is read in its middle.
        Tensor mean = new(new Shape(3, 6, 6));
        for (int i = 0; i < 108; i++) mean.AsSpan()[i] = i % 36;
        ProtoFiles.WriteBlob(_folder["mean.binaryproto"], mean.ToProto());
        using LayerRun withFile = Run("batch_size: 2 fg_fraction: 0.5 bg_threshold: 0.3",
            $"crop_size: 4 mean_file: '{_folder["mean.binaryproto"]}'");
        Assert.That(withFile.Forward()[48..52], Is.EqualTo(new float[] { 21 - 7, 31 - 8, 41 - 9, 51 - 10 }));
    }

    [Test]
    public void ContextOutsideTheImageIsZero()
    {
        // The window (6,4)-(9,7) with a pad of 1 of 6: grown by 6/4 about (8, 6) to (5,3)-(11,9), 7 x 7 with 2 outside
        // at the right and the bottom; 5 of 7 at a scale of 6/7 are 4 pixels.
        using LayerRun run = Run("batch_size: 2 fg_fraction: 0.5 bg_threshold: 0.3 context_pad: 1", "crop_size: 6");
        float[] blue = run.Forward()[..36], green = LayerRun.Values(run.Top[0].Data)[36..72];
        for (int y = 0; y < 6; y++)
            for (int x = 0; x < 6; x++)
            {
                Assert.That(green[6 * y + x], Is.EqualTo(x < 4 && y < 4 ? 100 : 0), $"row {y}, column {x}");
                Assert.That(blue[6 * y + x] > 0, Is.EqualTo(x < 4 && y < 4));
            }
    }

    [Test]
    public void ASquareGrowsTheShorterSide()
    {
        Write("# 0\na.png\n3\n8\n10\n2\n1 1 4 1 5 6\n0 0 0 0 1 1\n");
        using LayerRun run = Run("batch_size: 2 fg_fraction: 0.5 crop_mode: 'square'", "crop_size: 7");
        // 2 x 6 about (5, 4) becomes 7 x 7 from (2, 1), which is the crop's size.
        Assert.That(run.Forward()[147..154], Is.EqualTo(new float[] { 21, 31, 41, 51, 61, 71, 81 }));
    }

    [Test]
    public void AboutHalfIsMirroredAndARunResumes()
    {
        const string Data = "batch_size: 40 fg_fraction: 0.5 bg_threshold: 0.3 cache_images: true";
        using LayerRun run = Run(Data, "crop_size: 4 mirror: true"), resumed = Run(Data, "crop_size: 4 mirror: true");
        float[] data = run.Forward();
        int mirrored = Enumerable.Range(20, 20).Count(i => data[48 * i] > data[48 * i + 1]);
        Assert.That(mirrored, Is.InRange(4, 16));
        LayerState state = new();
        run.Layer.SaveState(state);
        resumed.Layer.LoadState(state);
        Assert.That(resumed.Forward(), Is.EqualTo(run.Forward()));
    }

    [TestCase("1 0.9 2 1 10 4", "list.txt:7: a window from (2, 1) to (10, 4), expected one within the image of 10 x 8")]
    [TestCase("0 0.9 2 1 5 4", "list.txt:7: a window with overlap 0.9 of class 0, expected an object's class")]
    [TestCase("1 0.9 2 one 5 4", "list.txt:7: found 'one', expected y1")]
    [TestCase("1 0.9 2", "list.txt: the file ends, expected y1")]
    public void WhatDoesNotFitIsNamedWithItsLine(string window, string message)
    {
        Write($"# 0\na.png\n3\n8\n10\n1\n{window}\n");
        Assert.That(() => Run("batch_size: 2", "crop_size: 4"),
            Throws.InstanceOf<LayerException>().With.Message.Contains(message));
    }

    [Test]
    public void SettingsThatDoNotFitAreNamed()
    {
        Assert.Multiple(() =>
        {
            Fails("batch_size: 2", "", "transform_param.crop_size is 0");
            Fails("batch_size: 2 crop_mode: 'round'", "crop_size: 4", "crop_mode is 'round', expected warp or square");
            Fails("batch_size: 2 context_pad: 2", "crop_size: 4", "context_pad is 2, expected less than half");
            Fails("batch_size: 2 fg_threshold: 0.95", "crop_size: 4", "has 0 windows of objects and");
        });

        void Fails(string data, string transform, string message) =>
            Assert.That(() => Run(data, transform), Throws.InstanceOf<LayerException>().With.Message.Contains(message));
    }

    private void Write(string text) => File.WriteAllText(_folder["list.txt"], text);

    private LayerRun Run(string data, string transform) => new(
        $"type: 'WindowData' transform_param {{ {transform} }} window_data_param {{ source: "
            + $"'{_folder["list.txt"]}' root_folder: '{_folder.FullName}/' {data} }}", 2);
}
