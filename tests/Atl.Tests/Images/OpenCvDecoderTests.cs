using Atl.Data;
using Atl.Images;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Tests.Images;

/// <summary>What Atl gets from Atl.Images: OpenCV's own results, to the bit.</summary>
public class OpenCvDecoderTests
{
    [Test]
    public void AReferenceToAtlImagesIsEnough() =>
        Assert.That(ImageDecoder.Registered, Is.TypeOf<OpenCvDecoder>());

    [TestCase(".png", ImageColor.Color, ImreadModes.Color)]
    [TestCase(".png", ImageColor.Gray, ImreadModes.Grayscale)]
    [TestCase(".png", ImageColor.AsStored, ImreadModes.Unchanged)]
    [TestCase(".jpg", ImageColor.Color, ImreadModes.Color)]
    [TestCase(".jpg", ImageColor.Gray, ImreadModes.Grayscale)]
    [TestCase(".jpg", ImageColor.GrayOrColor, ImreadModes.AnyColor)]
    public void DecodingAndResizingAreOpenCvs(string extension, ImageColor color, ImreadModes mode)
    {
        byte[] bytes = Encoded(extension);
        using Mat whole = Cv2.ImDecode(bytes, mode), sized = new();
        Cv2.Resize(whole, sized, new Size(11, 17));
        using DecodedImage image = DecodedImage.FromBytes(bytes, color),
            resized = DecodedImage.FromBytes(bytes, color, 17, 11);
        Assert.That(image.View.Bytes.ToArray(), Is.EqualTo(Pixels(whole)));
        Assert.That(resized.View.Bytes.ToArray(), Is.EqualTo(Pixels(sized)));
        Assert.That(Pixels(image.Mat), Is.EqualTo(Pixels(whole)));
    }

    [Test]
    public void PartsAndMirrorsAreOpenCvs()
    {
        byte[] bytes = Encoded(".png");
        using Mat whole = Cv2.ImDecode(bytes, ImreadModes.Color), part = new(whole, new Rect(3, 5, 20, 9)),
            sized = new(), mirrored = new();
        Cv2.Resize(part, sized, new Size(13, 14));
        Cv2.Flip(sized, mirrored, FlipMode.Y);
        using DecodedImage image = DecodedImage.FromBytes(bytes, ImageColor.Color);
        Assert.That(image.ResizedPart(3, 5, 20, 9, 13, 14, false), Is.EqualTo(Pixels(sized)));
        Assert.That(image.ResizedPart(3, 5, 20, 9, 13, 14, true), Is.EqualTo(Pixels(mirrored)));
    }

    [TestCase("png")]
    [TestCase("jpg")]
    public void EncodingIsOpenCvs(string extension)
    {
        byte[] bytes = Encoded(".png");
        using Mat whole = Cv2.ImDecode(bytes, ImreadModes.Color);
        Cv2.ImEncode("." + extension, whole, out byte[] expected);
        using DecodedImage image = DecodedImage.FromBytes(bytes, ImageColor.Color);
        Assert.That(image.Encode(extension), Is.EqualTo(expected));
    }

    [Test]
    public void EncodingToNoKindOfImageIsRefused()
    {
        using DecodedImage image = DecodedImage.FromBytes(Encoded(".png"), ImageColor.Color);
        Assert.That(() => image.Encode("doc"), Throws.TypeOf<AtlException>().With.Message.Contain("'doc'"));
    }

    [Test]
    public void AnImageOfAnotherDecoderHasNoMat()
    {
        using ForeignImage image = new();
        Assert.That(() => image.Mat,
            Throws.TypeOf<AtlException>().With.Message.Contain("expected one that Atl.Images"));
    }

    [Test]
    public void OpenCvsExceptionsComeInWords()
    {
        OpenCVException Thrown(ErrorCode code) => new(code, "f", "a side too long", "file", 1);
        Assert.That(ItemFailure.Reason(Thrown(ErrorCode.StsAssert)),
            Is.EqualTo("OpenCV cannot take it: a side too long"));
        Assert.That(ItemFailure.Reason(Thrown(ErrorCode.StsNoMem)), Is.EqualTo("not enough memory for it"));
    }

    private static byte[] Encoded(string extension)
    {
        using Mat image = new(23, 31, MatType.CV_8UC3);
        Cv2.Randu(image, Scalar.All(0), Scalar.All(256));
        Cv2.GaussianBlur(image, image, new Size(5, 5), 2);
        Cv2.ImEncode(extension, image, out byte[] bytes);
        return bytes;
    }

    private static unsafe byte[] Pixels(Mat mat) =>
        new ReadOnlySpan<byte>(mat.DataPointer, (int)mat.Total() * mat.Channels()).ToArray();

    private sealed class ForeignImage : DecodedImage
    {
        public override PixelView View => new([1], 1, 1, 1, true);

        public override byte[] ResizedPart(
            int x, int y, int width, int height, int newWidth, int newHeight, bool mirror) => [1];

        public override byte[] Encode(string extension) => [1];

        protected override DecodedImage Resize(int height, int width) => new ForeignImage();
    }
}
