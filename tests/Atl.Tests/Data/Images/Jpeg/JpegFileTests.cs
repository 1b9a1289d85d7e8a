using Atl.Data;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Tests.Data;

/// <summary>
/// Whole JPEGs are taken whatever follows them, and those that break off are refused, whatever stands at their end.
/// </summary>
public class JpegFileTests
{
    // IMWRITE_JPEG_SAMPLING_FACTOR, which OpenCvSharp has no name for.
    private const int SamplingFactor = 7;

    private const string Broken = "break off before the image's end (truncated)";

    private static IEnumerable<TestCaseData> Jpegs()
    {
        yield return Case("baseline", false);
        yield return Case("grey", true);
        yield return Case("optimised", false, ImwriteFlags.JpegOptimize, 1);
        yield return Case("progressive", false, ImwriteFlags.JpegProgressive, 1);
        yield return Case("progressive grey", true, ImwriteFlags.JpegProgressive, 1);
        yield return Case("restarts", false, ImwriteFlags.JpegRstInterval, 2);
        yield return Case("a restart for each block", true, ImwriteFlags.JpegRstInterval, 1);
        yield return Case("no subsampling", false, SamplingFactor, 0x111111);
        yield return Case("tall subsampling", false, SamplingFactor, 0x121111);
        yield return Case("progressive with restarts", false, ImwriteFlags.JpegProgressive, 1,
            ImwriteFlags.JpegRstInterval, 3);
        yield return new TestCaseData(AScanForEachComponent()).SetArgDisplayNames("a scan for each component");
        yield return new TestCaseData(WithThumbnail(Jpeg(false))).SetArgDisplayNames("thumbnail in Exif");

        static TestCaseData Case(string name, bool grey, params object[] flags) =>
            new TestCaseData(Jpeg(grey, [.. flags.Select(Convert.ToInt32)])).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Jpegs))]
    public void WhatLiesBehindTheImageDoesNotMatter(byte[] jpeg)
    {
        byte[] plain = Pixels(jpeg);
        byte[] noise = new byte[200_000];
        foreach (int seed in Enumerable.Range(0, 5))
        {
            new Random(seed).NextBytes(noise);
            Same([.. jpeg, .. noise], "noise");
            Same([.. jpeg[..^2], .. noise], "noise without an end marker");
        }
        Same([.. jpeg, 0xFF, 0xDA], "the marker of a scan");
        Same([.. jpeg, .. jpeg[..^40]], "another one that breaks off");
        Same([.. jpeg, .. Film()], "a film");
        Same([.. jpeg, .. new byte[500]], "zeros");
        Same([.. jpeg[..^2], 0xFF, 0xFF, 0xFF, 0xD9], "fill bytes before the end marker");
        int segment = LastSegment(jpeg);
        Same([.. jpeg[..segment], 0xFF, 0xFF, .. jpeg[segment..], 1], "fill bytes before the marker of the first scan");
        Same(jpeg[..^2], "no end marker");
        Same(jpeg[..^1], "half of the end marker");
        Same([.. jpeg[..^2], .. new byte[64]], "zeros in place of the end marker");
        Same([.. jpeg[..^2], .. Film()], "a film without an end marker");
        Same([.. jpeg[..^2], 0xFF, 0xFF, 0xFF], "fill bytes in place of the end marker");

        void Same(byte[] bytes, string what) => Assert.That(Pixels(bytes), Is.EqualTo(plain), what);
    }

    [TestCaseSource(nameof(Jpegs))]
    public void AnImageThatBreaksOffIsRefusedWhateverFollows(byte[] jpeg)
    {
        int scan = FirstScan(jpeg);
        int[] ends = [.. Enumerable.Range(1, 30).Select(i => jpeg.Length - 2 - i),
            .. Enumerable.Range(1, 40).Select(i => scan + ((jpeg.Length - scan) * i / 41))];
        foreach (int end in ends.Where(end => end > 2 && end < jpeg.Length - 2))
        {
            Refused(jpeg[..end], $"{end} bytes");
            Refused([.. jpeg[..end], .. new byte[4096]], $"{end} bytes and zeros");
            Refused([.. jpeg[..end], 0xFF, 0xFF], $"{end} bytes and fill bytes");
            // A header that breaks off goes on in the second image.
            Assert.That(() => Pixels([.. jpeg[..end], .. jpeg]), Throws.TypeOf<AtlException>(),
                $"{end} bytes and a whole image");
        }
        Refused([.. jpeg[..((scan + jpeg.Length) / 2)], .. Film()], "half of it and a film");
        Refused(jpeg[..(scan + 12)], "no block");
        Refused(jpeg[..Math.Min(20, scan)], "its first header");
        Refused([0xFF, 0xD8, 0xFF, 0xD9], "two markers");
    }

    [TestCaseSource(nameof(Jpegs))]
    public void AnEndMarkerDoesNotMakeUpForMissingBlocks(byte[] jpeg)
    {
        int scan = FirstScan(jpeg), middle = (scan + jpeg.Length) / 2;
        while (jpeg[middle - 1] == 0xFF || jpeg[middle] == 0xFF || jpeg[middle - 1] == 0) middle++;
        Refused([.. jpeg[..middle], 0xFF, 0xD9], "half of it");
    }

    // Chunks, or sizes in headers, tell these.
    [TestCase(".png")]
    [TestCase(".bmp")]
    [TestCase(".webp")]
    [TestCase(".gif")]
    public void OtherKindsThatBreakOffAreRefused(string extension)
    {
        using Mat image = Picture(false);
        Cv2.ImEncode(extension, image, out byte[] bytes);
        byte[] plain = Pixels(bytes);
        Assert.That(Pixels([.. bytes, .. Film()]), Is.EqualTo(plain), "a film behind it");
        foreach (int end in (int[])[bytes.Length / 2, bytes.Length * 9 / 10])
            Assert.That(() => Pixels(bytes[..end]), Throws.TypeOf<AtlException>(), $"{end} of {bytes.Length} bytes");
        if (extension == ".png") Refused([.. bytes[..(bytes.Length / 2)], .. bytes], "half of it and a whole one");
    }

    private static void Refused(byte[] bytes, string what) =>
        Assert.That(() => Pixels(bytes), Throws.TypeOf<AtlException>().With.Message.Contains(Broken), what);

    private static byte[] Pixels(byte[] bytes)
    {
        using DecodedImage image = DecodedImage.FromBytes(bytes, ImageColor.Color);
        return image.View.Bytes.ToArray();
    }

    // 83 × 61 pixels: the last blocks of rows and columns are not full.
    private static Mat Picture(bool grey)
    {
        byte[] pixels = new byte[8 * 11 * (grey ? 1 : 3)];
        new Random(7).NextBytes(pixels);
        using Mat noise = Mat.FromPixelData(8, 11, grey ? MatType.CV_8UC1 : MatType.CV_8UC3, pixels);
        return noise.Resize(new Size(83, 61), 0, 0, InterpolationFlags.Cubic);
    }

    private static byte[] Jpeg(bool grey, params int[] flags)
    {
        using Mat image = Picture(grey);
        Cv2.ImEncode(".jpg", image, out byte[] jpeg, flags);
        return jpeg;
    }

    // 16 × 16 pixels, grey, whose 4 blocks of each component are 1010 1010 1010 1010: no difference to the block
    // before, and no more coefficients. Their codes are the last of three of two bits.
    private static byte[] AScanForEachComponent()
    {
        byte[] counts = [0, 3, .. new byte[14]],
            quantization = [0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64)];
        return
        [
            0xFF, 0xD8, .. quantization, 0xFF, 0xC0, 0, 17, 8, 0, 16, 0, 16, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0,
            0xFF, 0xC4, 0, 22, 0, .. counts, 1, 2, 0, 0xFF, 0xC4, 0, 22, 0x10, .. counts, 1, 2, 0, .. Scan(1),
                .. Scan(2), .. Scan(3), 0xFF, 0xD9,
        ];

        static byte[] Scan(byte component) => [0xFF, 0xDA, 0, 8, 1, component, 0, 0, 63, 0, 0xAA, 0xAA];
    }

    private static byte[] WithThumbnail(byte[] jpeg)
    {
        using Mat small = new(16, 16, MatType.CV_8UC3, new Scalar(1, 100, 200));
        byte[] exif = [.. "Exif\0\0MM"u8, 0, 42, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, .. small.ImEncode(".jpg")];
        int length = exif.Length + 2;
        return [.. jpeg[..2], 0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. exif, .. jpeg[2..]];
    }

    // What begins as the film of a motion photo, and holds what looks like markers.
    private static byte[] Film() =>
        [0, 0, 0, 24, .. "ftypmp42"u8, 0, 0, 0, 0, .. "isommp42"u8, 0, 0, 1, 0, .. "mdat"u8, 0x21, 0xFF, 0x10, 0xFF,
            0xD9, 7, 7, 0xFF, 0xDA, 5, .. new byte[50], 9];

    // Where the data of the first scan begin.
    private static int FirstScan(byte[] jpeg) => Behind(jpeg, LastSegment(jpeg));

    // Where the marker of the first scan is.
    private static int LastSegment(byte[] jpeg)
    {
        int at = 2;
        while (jpeg[at + 1] != 0xDA) at = Behind(jpeg, at);
        return at;
    }

    private static int Behind(byte[] jpeg, int segment) => segment + 2 + (jpeg[segment + 2] << 8) + jpeg[segment + 3];
}
