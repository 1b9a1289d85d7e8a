using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;
using Google.Protobuf;
using OpenCvSharp;

namespace Atl.Tests.Data;

public sealed class DatumTransformerTests
{
    private const ulong Key = 42;

    [Test]
    [CaffeBehaviour(CaffeBehaviour.TransformScale)]
    [CaffeBehaviour(CaffeBehaviour.MeanValues)]
    public void ScaleComesAfterTheMeanOfEachChannel()
    {
        float[] y = Apply(new TransformationParameter { Scale = 0.5f, MeanValue = { 1, 10 } }, Phase.Test,
            Raw(2, 1, 2, [3, 5, 20, 30]));
        Assert.That(y, Is.EqualTo([1f, 2f, 5f, 10f]));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.MeanValues)]
    public void OneMeanValueServesAllChannels()
    {
        float[] y = Apply(new TransformationParameter { MeanValue = { 1 } }, Phase.Test, Raw(2, 1, 2, [3, 5, 20, 30]));
        Assert.That(y, Is.EqualTo([2f, 4f, 19f, 29f]));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.KindsOfDatum)]
    public void FloatDataIsTakenWhereThereAreNoBytes()
    {
        Datum datum = new() { Channels = 1, Height = 1, Width = 3, FloatData = { 0.5f, -1, 2 } };
        Assert.That(Apply(new TransformationParameter { Scale = 2 }, Phase.Test, datum), Is.EqualTo([1f, -2f, 4f]));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.Crop)]
    public void TestCropsTheCentre()
    {
        for (int item = 0; item < 20; item++)
            Assert.That(Apply(new TransformationParameter { CropSize = 2 }, Phase.Test, Counting(1, 4, 5), item),
                Is.EqualTo([6f, 7f, 11f, 12f]));
    }

    [TestCase(Phase.Train)]
    [TestCase(Phase.Test)]
    [CaffeBehaviour(CaffeBehaviour.Mirror)]
    public void HalfIsMirroredInEitherPhaseWhereMirrorIsSet(Phase phase)
    {
        float[][] mirrored = [.. Enumerable.Range(0, 400)
            .Select(item => Apply(new TransformationParameter { Mirror = true }, phase, Counting(1, 1, 3), item))];
        Assert.Multiple(() =>
        {
            Assert.That(mirrored, Has.All.EqualTo(new[] { 0f, 1f, 2f }).Or.EqualTo(new[] { 2f, 1f, 0f }));
            Assert.That(mirrored.Count(y => y[0] == 2), Is.InRange(150, 250));
            Assert.That(Enumerable.Range(0, 20)
                .Select(item => Apply(new TransformationParameter(), phase, Counting(1, 1, 3), item)),
                Has.All.EqualTo(new[] { 0f, 1f, 2f }));
        });
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.Crop)]
    public void TrainDrawsEveryCropAndBothSides()
    {
        TransformationParameter parameter = new() { CropSize = 2, Mirror = true };
        HashSet<string> seen = [];
        for (int item = 0; item < 400; item++)
            seen.Add(string.Join(' ', Apply(parameter, Phase.Train, Counting(1, 3, 4), item)));
        Assert.That(seen, Has.Count.EqualTo(2 * 3 * 2));
        Assert.That(seen, Has.Member("0 1 4 5").And.Member("7 6 11 10"));
    }

    [Test]
    public void WhatIsDrawnDependsOnTheItemAlone()
    {
        DatumTransformer transformer = new(new TransformationParameter { CropSize = 2, Mirror = true },
            Phase.Train, Key);
        float[][] forth = new float[50][], back = new float[50][];
        for (int i = 0; i < 50; i++) forth[i] = Apply(transformer, Counting(3, 6, 7), i);
        for (int i = 49; i >= 0; i--) back[i] = Apply(transformer, Counting(3, 6, 7), i);
        Assert.That(back, Is.EqualTo(forth));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.MeanFile)]
    public void TheMeanImageIsCroppedAndMirroredWithTheImage()
    {
        using TemporaryFolder folder = new();
        BlobProto mean = new() { Num = 1, Channels = 2, Height = 3, Width = 4 };
        for (int i = 0; i < 24; i++) mean.Data.Add(i);
        ProtoFiles.WriteBlob(folder["mean.binaryproto"], mean);
        TransformationParameter parameter = new()
        {
            MeanFile = folder["mean.binaryproto"],
            CropSize = 2,
            Mirror = true
        };
        for (int item = 0; item < 20; item++)
            Assert.That(Apply(parameter, Phase.Train, Counting(2, 3, 4), item), Is.All.Zero);
    }

    [TestCase(ImageColor.AsStored, 3)]
    [TestCase(ImageColor.Color, 3)]
    [TestCase(ImageColor.Gray, 1)]
    [CaffeBehaviour(CaffeBehaviour.BlueGreenRedPlanes)]
    [CaffeBehaviour(CaffeBehaviour.KindsOfDatum)]
    public void EncodedImagesBecomePlanesOfBlueGreenRed(ImageColor color, int channels)
    {
        using Mat image = new(2, 2, MatType.CV_8UC3, new Scalar(10, 20, 30));
        Cv2.ImEncode(".png", image, out byte[] png);
        Datum datum = new() { Encoded = true, Data = ByteString.CopyFrom(png) };
        TransformationParameter parameter = new()
        {
            ForceColor = color == ImageColor.Color,
            ForceGray = color == ImageColor.Gray
        };
        float[] y = Apply(parameter, Phase.Test, datum);
        Assert.That(y, Is.EqualTo(channels == 3 ? [10, 10, 10, 10, 20, 20, 20, 20, 30, 30, 30, 30]
            : new float[] { 22, 22, 22, 22 }).Within(1));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.ForcedColours)]
    public void GreyImagesBecomeColourWhereForced()
    {
        using Mat image = new(1, 2, MatType.CV_8UC1, new Scalar(7));
        Cv2.ImEncode(".png", image, out byte[] png);
        Datum datum = new() { Encoded = true, Data = ByteString.CopyFrom(png) };
        Assert.That(Apply(new TransformationParameter(), Phase.Test, datum), Is.EqualTo([7f, 7f]));
        Assert.That(Apply(new TransformationParameter { ForceColor = true }, Phase.Test, datum),
            Is.EqualTo([7f, 7f, 7f, 7f, 7f, 7f]));
    }

    [TestCase(".jpg")]
    [TestCase(".png")]
    public void ATruncatedImageIsAnError(string extension)
    {
        using Mat image = new(32, 32, MatType.CV_8UC3);
        Cv2.Randu(image, Scalar.All(0), Scalar.All(256));
        Cv2.ImEncode(extension, image, out byte[] bytes);
        Datum datum = new() { Encoded = true, Data = ByteString.CopyFrom(bytes.AsSpan(0, bytes.Length * 2 / 3)) };
        AtlException e = Assert.Throws<AtlException>(() => Apply(new TransformationParameter(), Phase.Test, datum))!;
        Assert.That(e.Message,
            Does.Contain("break off before the image's end").And.Contain($"{bytes.Length * 2 / 3} bytes"));
    }

    [Test]
    public void NoImageIsAnError()
    {
        Datum datum = new() { Encoded = true, Data = ByteString.CopyFromUtf8("not an image") };
        AtlException e = Assert.Throws<AtlException>(() => Apply(new TransformationParameter(), Phase.Test, datum))!;
        Assert.That(e.Message, Does.StartWith("12 bytes cannot be decoded as an image"));
    }

    [Test]
    public void WhatDoesNotFitIsNamed()
    {
        Datum image = Counting(3, 4, 5);
        Assert.Multiple(() =>
        {
            Fails(new() { CropSize = 5 }, image, "crop_size 5 is larger than the image of 4 x 5");
            Fails(new() { MeanValue = { 1, 2 } }, image, "2 mean_value for an image of 3 channels, expected one or 3");
            Fails(new() { ForceColor = true, ForceGray = true }, image,
                "force_color and force_gray exclude each other");
            Fails(new() { MeanFile = "mean", MeanValue = { 1 } }, image, "mean_file and mean_value exclude each other");
            Fails(new() { MeanFile = "/nowhere/mean.binaryproto" }, image, "/nowhere/mean.binaryproto: no such file");
            Fails(new(), Raw(3, 4, 5, [1, 2]), "2 bytes of pixels, expected 60 for 3 x 4 x 5");
            Fails(new(), new Datum { Channels = 1, Height = 2, Width = 2, FloatData = { 1 } },
                "1 floats of pixels, expected 4");
        });
    }

    [Test]
    public void AMeanOfOtherExtentsIsAnError()
    {
        string mean = TestData.Require("misc", "ZLZhangLi_mean.binaryproto");
        Fails(new() { MeanFile = mean }, Counting(3, 4, 5), "for an image of shape 3 4 5 (60), expected equal ones");
    }

    private static void Fails(TransformationParameter parameter, Datum datum, string message) =>
        Assert.That(() => Apply(parameter, Phase.Test, datum),
            Throws.InstanceOf<AtlException>().With.Message.Contains(message));

    private static float[] Apply(TransformationParameter parameter, Phase phase, Datum datum, long item = 0) =>
        Apply(new DatumTransformer(parameter, phase, Key), datum, item);

    private static float[] Apply(DatumTransformer transformer, Datum datum, long item)
    {
        using ItemImage image = transformer.Open(datum);
        float[] y = new float[transformer.OutputShape(image.View.Channels, image.View.Height, image.View.Width).Count];
        transformer.Transform(image.View, item, y);
        return y;
    }

    private static Datum Counting(int channels, int height, int width) =>
        Raw(channels, height, width, [.. Enumerable.Range(0, channels * height * width).Select(i => (byte)i)]);

    private static Datum Raw(int channels, int height, int width, byte[] bytes) =>
        new() { Channels = channels, Height = height, Width = width, Data = ByteString.CopyFrom(bytes) };
}
