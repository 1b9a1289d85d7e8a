using System.Buffers.Binary;
using System.IO.Compression;
using Atl.Data;
using Atl.Images;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Tests.Data;

/// <summary>Images of rare kinds are decoded or refused; none reaches the user as an exception of OpenCV.</summary>
[NonParallelizable]
public class DecodedImageTests
{
    [TearDown]
    public void ResetLimit() => ImageLimits.MaxPixels = ImageLimits.DefaultMaxPixels;

    [Test]
    public void TheLimitMayBeSet()
    {
        byte[] png = Png(8, 2, [], 6, 5);
        ImageLimits.MaxPixels = 30;
        using (DecodedImage image = DecodedImage.FromBytes(png, ImageColor.Color))
            Assert.That(image.View.Width, Is.EqualTo(6));
        ImageLimits.MaxPixels = 29;
        Assert.That(() => DecodedImage.FromBytes(png, ImageColor.Color),
            Throws.TypeOf<AtlException>().With.Message.Contain(
                "6 x 5 = 30 pixels (width x height), expected at most 29 pixels"));
        Assert.That(() => ImageLimits.MaxPixels = 0, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => ImageLimits.MaxPixels = ImageLimits.LargestMaxPixels + 1,
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [TestCase(8, 0)]
    [TestCase(16, 2)]
    [TestCase(16, 6)]
    [TestCase(8, 4)]
    [TestCase(1, 0)]
    public void PngsOfAnyDepthAreDecodedToColor(int bits, int colorType)
    {
        using DecodedImage image = DecodedImage.FromBytes(Png(bits, colorType, [], 8, 4), ImageColor.Color);
        Assert.That((image.View.Width, image.View.Height, image.View.Channels), Is.EqualTo((8, 4, 3)));
    }

    [Test]
    public void APaletteWithTransparencyIsDecoded()
    {
        byte[] chunks = [.. Chunk("PLTE", [1, 2, 3, 40, 50, 60]), .. Chunk("tRNS", [0, 128])];
        foreach (ImageColor color in Enum.GetValues<ImageColor>())
        {
            using DecodedImage image = DecodedImage.FromBytes(Png(8, 3, chunks, 4, 2), color);
            Assert.That((image.View.Width, image.View.Height), Is.EqualTo((4, 2)));
        }
    }

    [Test]
    public void LargeTextsAndProfilesCostNoMore()
    {
        byte[] text = Deflate(new byte[200 << 20]);
        byte[] chunks = [.. Chunk("zTXt", [.. "Comment\0\0"u8, .. text]),
            .. Chunk("iCCP", [.. "Profile\0\0"u8, .. text])];
        long before = Environment.WorkingSet;
        try
        {
            using DecodedImage image = DecodedImage.FromBytes(Png(8, 2, chunks, 4, 2), ImageColor.Color);
        }
        catch (AtlException)
        {
            // Refused is as good.
        }
        Assert.That(Environment.WorkingSet - before, Is.LessThan(300L << 20));
    }

    [Test]
    public void WhatTheLibrarySaysOfABrokenPictureIsInItsMessage()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("the messages of libpng are taken on Linux");
        DecoderMessages.Collect();
        byte[] png = Png(8, 2, [], 6, 5);
        // The checksum of the pixels.
        png[^13] ^= 1;
        Assert.That(() => DecodedImage.FromBytes(png, ImageColor.Color),
            Throws.TypeOf<AtlException>().With.Message.EqualTo(
            $"{png.Length} bytes cannot be decoded as an image (libpng error: IDAT: CRC error), expected an image "
                + "of 8 bits a channel (JPEG, PNG, ...)"));
    }

    [Test]
    public void AJpegOfManyScansIsRefused()
    {
        using Mat image = new(64, 64, MatType.CV_8UC1, Scalar.All(77));
        byte[] jpeg = image.ImEncode(".jpg", new ImageEncodingParam(ImwriteFlags.JpegProgressive, 1));
        int scan = jpeg.AsSpan().IndexOf<byte>([0xFF, 0xDA]),
            next = scan + 2 + jpeg.AsSpan(scan + 2).IndexOf<byte>([0xFF, 0xC4]);
        byte[] bomb = [.. jpeg[..scan], .. Enumerable.Repeat(jpeg[scan..next], 150).SelectMany(bytes => bytes),
            .. jpeg[next..]];
        ImageLimits.MaxPixels = 64 * 64;
        using (DecodedImage plain = DecodedImage.FromBytes(jpeg, ImageColor.Gray))
            Assert.That(plain.View.Width, Is.EqualTo(64));
        Assert.That(() => DecodedImage.FromBytes(bomb, ImageColor.Gray),
            Throws.TypeOf<AtlException>().With.Message.Contain(
                "a JPEG of 101 scans or more, expected at most 100 for its 4096 pixels"));
    }

    [Test]
    public void NoSizeIsAnError()
    {
        Assert.That(() => DecodedImage.FromBytes(Png(8, 2, [], 0, 5), ImageColor.Color),
            Throws.TypeOf<AtlException>().With.Message.Contain("the header says 0 x 5 pixels"));
    }

    [Test]
    public void AnyDamageIsAnErrorOfAtl()
    {
        using Mat image = new(24, 40, MatType.CV_8UC3);
        Cv2.Randu(image, Scalar.All(0), Scalar.All(255));
        Random random = new(5);
        foreach (string kind in (string[])[".png", ".jpg", ".gif", ".webp", ".bmp", ".tiff", ".ppm", ".pam", ".sr",
            ".hdr"])
        {
            using Mat source = new();
            image.ConvertTo(source, kind == ".hdr" ? MatType.CV_32FC3 : MatType.CV_8UC3);
            byte[] bytes = source.ImEncode(kind);
            for (int trial = 0; trial < 300; trial++)
            {
                byte[] damaged = bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)];
                for (int i = 0; i < 3; i++)
                    damaged[random.Next(Math.Min(damaged.Length, trial % 2 == 0 ? 64 : damaged.Length))] =
                        (byte)random.Next(256);
                try
                {
                    DecodedImage.FromBytes(damaged, ImageColor.Color).Dispose();
                }
                catch (AtlException)
                {
                    // What is damaged may be refused.
                }
            }
        }
    }

    private static byte[] Png(int bits, int colorType, byte[] chunks, int width, int height)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)bits, (byte)colorType);
        int channels = colorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        int row = 1 + (((width * bits * channels) + 7) / 8);
        byte[] pixels = new byte[row * height];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)(i % row == 0 ? 0 : i % 2);
        return
        [
            0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. chunks, .. Chunk("IDAT", Deflate(pixels)),
            .. Chunk("IEND", []),
        ];
    }

    private static byte[] Chunk(string kind, byte[] content)
    {
        byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(kind), .. content], length = new byte[4],
            checksum = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc(named));
        return [.. length, .. named, .. checksum];
    }

    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }

    private static byte[] Deflate(byte[] bytes)
    {
        using MemoryStream stream = new();
        using (ZLibStream zlib = new(stream, CompressionLevel.Fastest)) zlib.Write(bytes);
        return stream.ToArray();
    }
}
