using Atl.Data;
using Atl.Images;
using OpenCvSharp;

namespace Atl.Tests.Data;

public class JpegOrientationTests
{
    private static readonly byte[] Plain = Jpeg();

    [TestCase(1, false)]
    [TestCase(3, true)]
    [TestCase(6, true)]
    [TestCase(8, false)]
    public void TheTagOfEitherByteOrderIsFound(int orientation, bool little)
    {
        byte[] jpeg = WithExif(little
            ? [.. "II"u8, 42, 0, 8, 0, 0, 0, 2, 0, .. new byte[12], 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)orientation,
                0, 0, 0]
            : [.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 2, .. new byte[12], 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation,
                0, 0]);
        Assert.That(JpegOrientation.Of(jpeg), Is.EqualTo(orientation));
        Assert.That(JpegOrientation.IsTurned(jpeg), Is.EqualTo(orientation != 1));
        // OpenCV must see it too: quarter turns exchange width and height.
        using DecodedImage color = DecodedImage.FromBytes(jpeg, ImageColor.Color),
            stored = DecodedImage.FromBytes(jpeg, ImageColor.AsStored);
        Assert.That((color.Mat.Cols, color.Mat.Rows), Is.EqualTo(orientation is 6 or 8 ? (16, 24) : (24, 16)));
        Assert.That((stored.Mat.Cols, stored.Mat.Rows), Is.EqualTo((24, 16)));
    }

    [Test]
    public void WhatNotesNothingIsUpright()
    {
        Assert.That(JpegOrientation.IsTurned(Plain), Is.False);
        Assert.That(JpegOrientation.IsTurned([]), Is.False);
        Assert.That(JpegOrientation.IsTurned([0x89, (byte)'P', (byte)'N', (byte)'G']), Is.False);
        Assert.That(JpegOrientation.IsTurned(WithExif([.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0,
            9, 0, 0])), Is.False,
            "there is no ninth");
    }

    [Test]
    public void DamagedExifDataAreNeverReadBeyondTheirEnd()
    {
        byte[] jpeg = WithExif([.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]);
        for (int length = 0; length < jpeg.Length; length++) _ = JpegOrientation.Of(jpeg.AsSpan(0, length));
        Random random = new(1);
        for (int round = 0; round < 10_000; round++)
        {
            byte[] damaged = jpeg[..60];
            for (int change = 0; change < 3; change++) damaged[random.Next(2, damaged.Length)] = (byte)random.Next(256);
            Assert.That(JpegOrientation.Of(damaged), Is.InRange(1, 8));
        }
    }

    private static byte[] WithExif(byte[] tiff)
    {
        int length = 2 + 6 + tiff.Length;
        return [.. Plain[..2], 0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. "Exif\0\0"u8, .. tiff, .. Plain[2..]];
    }

    private static byte[] Jpeg()
    {
        using Mat mat = new(16, 24, MatType.CV_8UC3, new Scalar(10, 100, 200));
        return mat.ImEncode(".jpg");
    }
}
