using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Tests.Data;

/// <summary>The size that a header says, of every kind that OpenCV decodes here.</summary>
public class ImageHeaderTests
{
    private const int Width = 67, Height = 45;

    private static readonly string[] Kinds =
        [".png", ".jpg", ".gif", ".webp", ".bmp", ".tiff", ".jp2", ".pbm", ".pgm", ".ppm", ".pam", ".sr", ".hdr",
        ".pfm"];

    [TestCaseSource(nameof(Kinds))]
    public void SaysWhatIsDecoded(string kind)
    {
        byte[] bytes = Encoded(kind);
        Assert.That(ImageHeader.Read(bytes), Is.EqualTo(new ImageHeader(Width, Height)));
        using Mat decoded = Cv2.ImDecode(bytes, ImreadModes.Unchanged);
        Assert.That((decoded.Cols, decoded.Rows), Is.EqualTo((Width, Height)));
    }

    [TestCaseSource(nameof(Kinds))]
    public void EndsWithinTheHeaderAreNoHeader(string kind)
    {
        byte[] bytes = Encoded(kind);
        for (int length = 0; length < Math.Min(bytes.Length, 600); length++)
            Assert.That(ImageHeader.Read(bytes.AsSpan(0, length)) is not { } header
                || (header.Width <= Width && header.Height <= Height),
                $"{length} bytes");
    }

    [TestCaseSource(nameof(Kinds))]
    public void DamagedHeadersThrowNothing(string kind)
    {
        byte[] bytes = Encoded(kind);
        Random random = new(7);
        for (int trial = 0; trial < 3000; trial++)
        {
            byte[] damaged = [.. bytes];
            for (int i = 0; i < 4; i++)
                damaged[random.Next(2, Math.Min(damaged.Length, 300))] = (byte)random.Next(256);
            Assert.That(() => ImageHeader.Read(damaged), Throws.Nothing);
        }
    }

    [Test]
    public void NoPictureHasNoHeader()
    {
        Assert.That(ImageHeader.Read("no image at all, but some text of a hundred letters or so"u8), Is.Null);
        Assert.That(ImageHeader.Read([]), Is.Null);
    }

    [Test]
    public void LosslessWebP()
    {
        using Mat image = Picture(MatType.CV_8UC3);
        byte[] bytes = image.ImEncode(".webp", new ImageEncodingParam(ImwriteFlags.WebPQuality, 101));
        Assert.That(bytes.AsSpan(12, 4).ToArray(), Is.EqualTo("VP8L"u8.ToArray()));
        Assert.That(ImageHeader.Read(bytes), Is.EqualTo(new ImageHeader(Width, Height)));
    }

    [Test]
    public void ExtendedWebP()
    {
        byte[] bytes = [.. "RIFF"u8, 22, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 0x1F, 0x4E, 0, 0x0F,
            0x27, 0];
        Assert.That(ImageHeader.Read(bytes), Is.EqualTo(new ImageHeader(20_000, 10_000)));
    }

    [Test]
    public void ATiffsTileCountsWhereItIsLarger()
    {
        byte[] tiff = Tiff((256, 10), (257, 10), (322, 40_000), (323, 30_000));
        Assert.That(ImageHeader.Read(tiff), Is.EqualTo(new ImageHeader(40_000, 30_000)));
        Assert.That(ImageHeader.Read(Tiff((256, 10), (257, 12))), Is.EqualTo(new ImageHeader(10, 12)));
    }

    [TestCase(".png", 16, 0x00, 0x00, 0x2E, 0xE0, 0x00, 0x00, 0x2E, 0xE0, TestName = "{m} PNG")]
    [TestCase(".gif", 6, 0xE0, 0x2E, 0xE0, 0x2E, TestName = "{m} GIF")]
    [TestCase(".bmp", 18, 0xE0, 0x2E, 0x00, 0x00, 0xE0, 0x2E, 0x00, 0x00, TestName = "{m} BMP")]
    [TestCase(".sr", 4, 0x00, 0x00, 0x2E, 0xE0, 0x00, 0x00, 0x2E, 0xE0, TestName = "{m} Sun raster")]
    [TestCase(".webp", 26, 0xE0, 0x2E, 0xE0, 0x2E, TestName = "{m} WebP")]
    public void TooManyPixelsAreRefusedBeforeDecoding(string kind, int at, params int[] sides)
    {
        byte[] bytes = Encoded(kind);
        for (int i = 0; i < sides.Length; i++) bytes[at + i] = (byte)sides[i];
        Refuses(bytes);
    }

    [Test]
    public void TooManyPixelsOfAJpegAreRefusedBeforeDecoding()
    {
        byte[] bytes = Encoded(".jpg");
        int frame = bytes.AsSpan().IndexOf<byte>([0xFF, 0xC0]);
        byte[] sides = [0x2E, 0xE0, 0x2E, 0xE0];
        sides.CopyTo(bytes, frame + 5);
        Refuses(bytes);
    }

    [Test]
    public void TooManyPixelsOfTextHeadersAreRefusedBeforeDecoding()
    {
        Refuses("P6 # a comment of 3 words\n12000 12000\n255\n123"u8.ToArray());
        Refuses("P5 99999999999 99999999999 255 "u8.ToArray(), "expected sides of at most 1048576");
        Refuses("P7\nWIDTH 12000\nHEIGHT 12000\nDEPTH 1\nMAXVAL 255\nENDHDR\n123"u8.ToArray());
        Refuses("PF\n12000 12000\n-1.0\n123"u8.ToArray());
        Refuses("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 12000 +X 12000\n123"u8.ToArray());
        Refuses(Tiff((256, 12_000), (257, 12_000)));
        Refuses(Tiff((256, 10), (257, 10), (322, 12_000), (323, 12_000)));
        Refuses("P5 0 7 255 "u8.ToArray(), "expected at least one");
    }

    [Test]
    public void AFileIsNamed()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["bomb.tif"], Tiff((256, 12_000), (257, 12_000)));
        Assert.That(() => DecodedImage.FromFile(folder["bomb.tif"], ImageColor.Color),
            Throws.TypeOf<AtlException>().With.Message.Contain("bomb.tif' of").And.Message.Contain("144000000 pixels"));
    }

    [Test]
    public void SizesToResizeToHaveTheSameLimit() =>
        Assert.That(() => DecodedImage.FromBytes(Encoded(".png"), ImageColor.Color, 100_000, 100_000),
            Throws.TypeOf<AtlException>().With.Message.Contain("100000 x 100000 = 10000000000 pixels"));

    [Test]
    public void SidesBeyondWhatOpenCvTakesAreRefused() =>
        Refuses([.. "P5 2000000 10 255 "u8, .. new byte[20_000]], "expected sides of at most 1048576");

    private static void Refuses(byte[] bytes, string expected = "12000 x 12000 = 144000000 pixels (width x height), "
        + "expected at most 100000000 pixels; -max_pixels or ATL_MAX_PIXELS raises the limit") =>
        Assert.That(() => DecodedImage.FromBytes(bytes, ImageColor.Color),
            Throws.TypeOf<AtlException>().With.Message.Contain(expected));

    private static byte[] Encoded(string kind)
    {
        using Mat image = Picture(kind switch
        {
            ".pbm" or ".pgm" => MatType.CV_8UC1,
            ".hdr" or ".pfm" => MatType.CV_32FC3,
            _ => MatType.CV_8UC3,
        });
        // WebP is lossless where no quality is given.
        return kind == ".webp" ? image.ImEncode(kind, new ImageEncodingParam(ImwriteFlags.WebPQuality, 80))
            : image.ImEncode(kind);
    }

    private static Mat Picture(MatType type)
    {
        Mat image = new(Height, Width, type);
        Cv2.Randu(image, Scalar.All(0), Scalar.All(type.Depth == MatType.CV_32F ? 1 : 255));
        return image;
    }

    // Little-endian, with 32-bit values.
    private static byte[] Tiff(params (int Tag, int Value)[] entries)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write("II*\0"u8);
        writer.Write(8);
        writer.Write((short)entries.Length);
        foreach ((int tag, int value) in entries)
        {
            writer.Write((short)tag);
            writer.Write((short)4);
            writer.Write(1);
            writer.Write(value);
        }
        writer.Write(0);
        return stream.ToArray();
    }
}
