using Atl.TestSupport;
using Atl.Proto;

namespace Atl.Tests.Models;

/// <summary>Images as inputs: pixel formats, channel order, mean, scale and size.</summary>
public sealed class ImageInputTests
{
    private const string Net = """
        name: 'pixels'
        layer { name: 'data' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 3 dim: 2 dim: 2 } } }
        layer { name: 'same' type: 'Power' bottom: 'data' top: 'same' }
        """;

    // Four pixels; of each blue is 10, green 20, red 30 more than the pixel's number.
    private static readonly float[] Blue = [10, 11, 12, 13], Green = [20, 21, 22, 23], Red = [30, 31, 32, 33];

    [TestCase(PixelFormat.Bgr, 0)]
    [TestCase(PixelFormat.Rgb, 0)]
    [TestCase(PixelFormat.Bgra, 0)]
    [TestCase(PixelFormat.Rgba, 0)]
    [TestCase(PixelFormat.Bgr, 11)]
    [TestCase(PixelFormat.Rgba, 32)]
    public void EveryFormatGivesTheSameInput(PixelFormat format, int stride)
    {
        using Model model = Model.Untrained(ModelNets.Parse(Net));
        using Session session = model.CreateSession();
        ImageInput image = Pixels(format, stride);
        Assert.That(session.Run("data", [image])["same"].ToArray(), Is.EqualTo((float[])[.. Blue, .. Green, .. Red]));
        Assert.That(session.Run("data", [image], new Preprocessing { Order = ChannelOrder.Rgb })["same"].ToArray(),
            Is.EqualTo((float[])[.. Red, .. Green, .. Blue]));
    }

    [Test]
    public void TheMeanIsInTheNetsOrder()
    {
        using Model model = Model.Untrained(ModelNets.Parse(Net), new ModelOptions
        {
            Preprocessing = new() { Mean = [1, 2, 3], Scale = 2, Order = ChannelOrder.Rgb },
        });
        using Session session = model.CreateSession();
        Assert.That(session.Run("data", [Pixels(PixelFormat.Bgr, 0)])["same"].ToArray(), Is.EqualTo((float[])
            [.. Red.Select(p => (p - 1) * 2), .. Green.Select(p => (p - 2) * 2), .. Blue.Select(p => (p - 3) * 2)]));
    }

    [Test]
    public void ATransformParamOfTheNetIsTaken()
    {
        using Model model = Model.Untrained(ModelNets.Parse(Net.Replace("input_param",
            "transform_param { mean_value: 127.5 scale: 0.0078125 mirror: true } input_param")));
        using Session session = model.CreateSession();
        Assert.That(session.Run("data", [Pixels(PixelFormat.Bgr, 0)])["same"].ToArray()[0],
            Is.EqualTo((10 - 127.5f) / 128));
    }

    [Test]
    public void TheTestPhasesTransformIsTheOneTaken()
    {
        Preprocessing? found = Preprocessing.Of(ModelNets.Parse("""
            layer { name: 'a' type: 'Data' top: 'x' include { phase: TRAIN } transform_param { scale: 3 } }
            layer { name: 'a' type: 'Data' top: 'x' include { phase: TEST }
                transform_param { scale: 5 mean_value: 1 mean_value: 2 mean_value: 3 crop_size: 7 } }
            """));
        Assert.That(found!.Scale, Is.EqualTo(5));
        Assert.That(found.Mean, Is.EqualTo(new float[] { 1, 2, 3 }));
        Assert.That(found.Fit, Is.EqualTo(ImageFit.Crop));
        Assert.That(Preprocessing.Of(ModelNets.Parse(Net)), Is.Null);
    }

    [Test]
    public void ImagesBecomeABatch()
    {
        using Model model = Model.Untrained(ModelNets.Parse(Net));
        using Session session = model.CreateSession();
        ImageInput image = Pixels(PixelFormat.Bgr, 0);
        Assert.That(session.Run("data", [image, image, image])["same"].Shape, Is.EqualTo(new Shape(3, 3, 2, 2)));
    }

    [Test]
    public void TheMiddleIsCutOut()
    {
        string onePixel = Net.Replace("dim: 3 dim: 2 dim: 2", "dim: 1 dim: 1 dim: 1");
        using Model model = Model.Untrained(ModelNets.Parse(onePixel));
        using Session session = model.CreateSession();
        ImageInput image = ImageInput.FromPixels(new byte[] { 0, 1, 2, 3, 4, 5, 6, 7, 8 }, 3, 3, PixelFormat.Gray);
        Assert.That(session.Run("data", [image], new Preprocessing { Fit = ImageFit.Crop })["same"].ToArray(),
            Is.EqualTo(new float[] { 4 }));
    }

    [Test]
    public void AnotherSizeIsResized()
    {
        using Model model = Model.Untrained(ModelNets.Parse(Net));
        using Session session = model.CreateSession();
        byte[] pixels = [.. Enumerable.Repeat<byte[]>([7, 8, 9], 16).SelectMany(pixel => pixel)];
        Assert.That(session.Run("data", [ImageInput.FromPixels(pixels, 4, 4)],
            new Preprocessing { Fit = ImageFit.Resize })["same"].ToArray(),
            Is.EqualTo(new float[] { 7, 7, 7, 7, 8, 8, 8, 8, 9, 9, 9, 9 }));
    }

    [Test]
    public void FilesAreDecodedForTheInputsChannels()
    {
        using TemporaryFolder folder = new();
        byte[] bmp = Bitmap();
        File.WriteAllBytes(folder["a.bmp"], bmp);
        using Model model = Model.Untrained(ModelNets.Parse(Net)),
            gray = Model.Untrained(ModelNets.Parse(Net.Replace("dim: 3", "dim: 1")));
        using Session session = model.CreateSession(), graySession = gray.CreateSession();
        float[] fromFile = session.Run("data", [ImageInput.FromFile(folder["a.bmp"])])["same"].ToArray();
        Assert.That(fromFile, Is.EqualTo((float[])[.. Blue, .. Green, .. Red]));
        Assert.That(session.Run("data", [ImageInput.FromBytes(bmp)], new Preprocessing { Order = ChannelOrder.Rgb })
            ["same"].ToArray(), Is.EqualTo((float[])[.. Red, .. Green, .. Blue]));
        Assert.That(graySession.Run("data", [ImageInput.FromBytes(bmp)])["same"].ToArray(), Has.Length.EqualTo(4));
    }

    [Test]
    public void WhatDoesNotFitIsSaid()
    {
        using Model model = Model.Untrained(ModelNets.Parse(Net));
        using Session session = model.CreateSession();
        ImageInput good = Pixels(PixelFormat.Bgr, 0), large = ImageInput.FromPixels(new byte[27], 3, 3);
        Assert.That(() => session.Run("data", [good, large]), Throws.TypeOf<AtlException>().With.Message.EqualTo(
            "image 1: an image of 3 x 3 x 3 (channels x height x width), the net's input is 3 x 2 x 2; set "
            + "Preprocessing.Fit to resize or to crop it"));
        Assert.That(() => session.Run("data", [ImageInput.FromPixels(new byte[4], 2, 2, PixelFormat.Gray)]),
            Throws.TypeOf<AtlException>().With.Message.Contains("an image in Gray for an input of 3 channels"));
        Assert.That(() => ImageInput.FromPixels(new byte[11], 2, 2), Throws.ArgumentException.With.Message.Contains(
            "takes 12 bytes, found 11"));
        Assert.That(() => ImageInput.FromPixels(new byte[12], 2, 2, stride: 5),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ImageInput.FromPixels(new byte[12], 0, 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => session.Run("data", [ImageInput.FromBytes("no image"u8.ToArray())]),
            Throws.InstanceOf<AtlException>().With.Message.StartsWith("image 0: "));
        Assert.That(() => session.Run("data", [good], new Preprocessing { Mean = [1, 2] }),
            Throws.TypeOf<AtlException>().With.Message.Contains("2 mean_value"));
    }

    private static ImageInput Pixels(PixelFormat format, int stride)
    {
        int bytes = format is PixelFormat.Bgr or PixelFormat.Rgb ? 3 : 4, row = stride == 0 ? 2 * bytes : stride;
        byte[] pixels = new byte[row + (2 * bytes)];
        for (int i = 0; i < 4; i++)
        {
            Span<byte> pixel = pixels.AsSpan((i / 2 * row) + (i % 2 * bytes), bytes);
            pixel.Fill(255);
            int blue = format is PixelFormat.Rgb or PixelFormat.Rgba ? 2 : 0;
            (pixel[blue], pixel[1], pixel[2 - blue]) = ((byte)Blue[i], (byte)Green[i], (byte)Red[i]);
        }
        return ImageInput.FromPixels(pixels, 2, 2, format, stride);
    }

    // Two rows of two pixels of 24 bits, the last row first, each with two bytes of padding.
    private static byte[] Bitmap()
    {
        using MemoryStream file = new();
        using BinaryWriter writer = new(file);
        writer.Write("BM"u8);
        writer.Write(70);
        writer.Write(0);
        writer.Write(54);
        foreach (int field in (int[])[40, 2, 2, 1 | (24 << 16), 0, 16, 0, 0, 0, 0]) writer.Write(field);
        foreach (int row in (int[])[1, 0])
        {
            for (int i = 2 * row; i < (2 * row) + 2; i++) writer.Write([(byte)Blue[i], (byte)Green[i], (byte)Red[i]]);
            writer.Write((short)0);
        }
        return file.ToArray();
    }
}
