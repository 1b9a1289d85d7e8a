using Atl.Data;
using Atl.Face.Detection;
using Atl.Face.Faces;
using Atl.Images;
using Atl.Proto;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Face.Tests.Detection;

/// <summary>The published weights on photographs that were looked at.</summary>
public class MtcnnDetectorTests
{
    private static readonly Lazy<Model[]> Nets =
        new(() => [.. FaceDetectorModel.MtcnnNames.Select(name => Model.Load(
        TestData.Require("weights", "mtcnn", name + ".prototxt"), TestData.Require("weights", "mtcnn", name
        + ".caffemodel")))]);

    // Sixteen people stand in the office; the fish has none, but its rider's face, 26 pixels wide and from the side, is
    // one.
    [TestCase("cat.jpg", 0)]
    [TestCase("cat gray.jpg", 0)]
    [TestCase("fish-bike.jpg", 1)]
    [TestCase("office1.jpg", 16)]
    [TestCase("test.jpg", 1)]
    [TestCase("test1.jpg", 2)]
    [TestCase("test2.jpg", 1)]
    public void APhotoShowsSoManyFaces(string photo, int faces)
    {
        using MtcnnDetector detector = new(Nets.Value, new MtcnnOptions());
        using DecodedImage image = DecodedImage.FromFile(TestData.Require("faces", "photos", photo), ImageColor.Color);
        Assert.That(detector.Detect([image.Mat])[0], Has.Count.EqualTo(faces));
    }

    [TestCase(0.85, 0.9f, 16, 1)]
    [TestCase(0.709, 0.7f, 16, 1)]
    [TestCase(0.709, 0.99f, 16, 0)]
    public void OtherPyramidsAndThresholds(double factor, float threshold, int office, int bike)
    {
        using MtcnnDetector detector =
            new(Nets.Value, new MtcnnOptions { Factor = factor, OutputThreshold = threshold });
        foreach ((string photo, int faces) in ((string, int)[])[("office1.jpg", office), ("fish-bike.jpg", bike)])
        {
            using DecodedImage image = DecodedImage.FromFile(TestData.Require("faces", "photos", photo),
                ImageColor.Color);
            Assert.That(detector.Detect([image.Mat])[0], Has.Count.EqualTo(faces), photo);
        }
    }

    // One of 0.9999999 would make millions of levels.
    [TestCase(0.981)]
    [TestCase(0.9999999)]
    [TestCase(0)]
    [TestCase(double.NaN)]
    public void FactorsWithoutEndAreErrors(double factor) => Assert.That(
        () => _ = new MtcnnDetector(new Model[3], new MtcnnOptions { Factor = factor }),
        Throws.TypeOf<AtlException>().With.Message.EqualTo(
            FormattableString.Invariant(
                $"the factor between pyramid levels is {factor}, expected one above 0 and at most 0.98")));

    [Test]
    public void FacesSmallerThanTheSmallestAreNotLookedFor()
    {
        using MtcnnDetector detector = new(Nets.Value, new MtcnnOptions { MinSize = 40 });
        using DecodedImage image = DecodedImage.FromFile(TestData.Require("faces", "photos", "fish-bike.jpg"),
            ImageColor.Color);
        Assert.That(detector.Detect([image.Mat])[0], Is.Empty);
    }

    [Test]
    public void ImagesOfABatchGiveWhatEachGivesAlone()
    {
        using MtcnnDetector detector = new(Nets.Value, new MtcnnOptions { MinSize = 40 });
        using DecodedImage first = DecodedImage.FromFile(TestData.Require("faces", "photos", "test2.jpg"),
            ImageColor.Color);
        using Mat mirrored = first.Mat.Flip(FlipMode.Y);
        IReadOnlyList<IReadOnlyList<DetectedFace>> both = detector.Detect([first.Mat, mirrored]);
        Assert.That(both[0], Is.Not.Empty);
        Assert.That(both[0].Select(face => face.Box.Left),
            Is.EqualTo(detector.Detect([first.Mat])[0].Select(face => face.Box.Left)).Within(0.05));
        Assert.That(both[1].Select(face => face.Box.Left),
            Is.EqualTo(detector.Detect([mirrored])[0].Select(face => face.Box.Left)).Within(0.05));
    }

    [Test]
    public void PointsStandUprightWithinTheirBox()
    {
        using MtcnnDetector detector = new(Nets.Value, new MtcnnOptions { MinSize = 40 });
        using DecodedImage image = DecodedImage.FromFile(TestData.Require("faces", "photos", "test2.jpg"),
            ImageColor.Color);
        foreach (DetectedFace face in detector.Detect([image.Mat])[0])
        {
            Landmarks points = face.Landmarks;
            Assert.That(points.LeftEye.X, Is.LessThan(points.RightEye.X));
            Assert.That(points.LeftMouth.X, Is.LessThan(points.RightMouth.X));
            Assert.That(points.EyeCenter.Y, Is.LessThan(points.Nose.Y));
            Assert.That(points.Nose.Y, Is.LessThan(points.MouthCenter.Y));
            Assert.That(face.Box.Intersect(points.Bounds), Is.EqualTo(points.Bounds), "the points lie in the box");
        }
    }

    [Test]
    public void UnreadableImagesKeepTheirPlace()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["bad.jpg"], "no image");
        string cat = TestData.Require("faces", "photos", "cat.jpg");
        using DetectionRun run = new(() => new MtcnnDetector(Nets.Value, new MtcnnOptions { MinSize = 100 }), batch: 2);
        ImageFaces[] found = [.. run.Run([new(folder["bad.jpg"], "bad.jpg"), new(cat, "cat.jpg"),
            new(folder["absent.jpg"], "absent.jpg")], workers: 2)];
        Assert.That(found.Select(entry => entry.Image.Name), Is.EqualTo(["bad.jpg", "cat.jpg", "absent.jpg"]));
        Assert.That(found[0].Error, Does.Contain("bad.jpg").And.Contain("cannot be decoded"));
        Assert.That((found[1].Error, found[1].Width > 0, found[1].Faces.Count), Is.EqualTo(((string?)null, true, 0)));
        Assert.That(found[2].Error, Does.Contain("does not exist"));
    }

    [Test]
    public void AnImageThatTheDetectorCannotTakeCostsTheOthersNothing()
    {
        using TemporaryFolder folder = new();
        using Mat wide = new(20, 90, MatType.CV_8UC3, Scalar.All(9)),
            narrow = new(20, 30, MatType.CV_8UC3, Scalar.All(9));
        File.WriteAllBytes(folder["wide.png"], wide.ImEncode(".png"));
        File.WriteAllBytes(folder["narrow.png"], narrow.ImEncode(".png"));
        using DetectionRun run = new(() => new NarrowOnly());
        ImageFaces[] found = [.. run.Run([new(folder["wide.png"], "wide.png"), new(folder["narrow.png"], "narrow.png")],
            workers: 1)];
        Assert.That(found[0].Error, Does.EndWith("wide.png: too wide"));
        Assert.That((found[1].Error, found[1].Width, found[1].Faces.Count), Is.EqualTo(((string?)null, 30, 1)));
    }

    [Test]
    public void WhateverADetectorThrowsIsTheImages()
    {
        using TemporaryFolder folder = new();
        using Mat narrow = new(20, 30, MatType.CV_8UC3, Scalar.All(9)),
            odd = new(20, 31, MatType.CV_8UC3, Scalar.All(9));
        File.WriteAllBytes(folder["narrow.png"], narrow.ImEncode(".png"));
        File.WriteAllBytes(folder["odd.png"], odd.ImEncode(".png"));
        using DetectionRun run = new(() => new EvenOnly());
        ImageFaces[] found = [.. run.Run([new(folder["odd.png"], "odd.png"), new(folder["narrow.png"], "narrow.png")],
            workers: 2)];
        Assert.That(found[0].Error, Does.EndWith("odd.png: OverflowException: too odd"));
        Assert.That((found[1].Error, found[1].Faces.Count), Is.EqualTo(((string?)null, 1)));
    }

    [Test]
    public void WhatAWorkerThrowsComesAsItself()
    {
        string cat = TestData.Require("faces", "photos", "cat.jpg");
        using DetectionRun narrow = new(() => new MtcnnDetector(Nets.Value, new MtcnnOptions { MinSize = 200 }));
        Assert.That(
            () => narrow.Run([new(cat, "cat.jpg")], workers: 1, (_, _) => throw new AtlException("the disk is full"))
                .ToArray(),
            Throws.TypeOf<AtlException>().With.Message.EqualTo("the disk is full"));
    }

    [Test]
    public void NetsInAnotherOrderAreRefused()
    {
        // Outside the lambda: where the models are not here this is a skip, and no other exception.
        Model[] nets = [.. Nets.Value[..2], Nets.Value[0]];
        Assert.That(() => new MtcnnDetector(nets, new MtcnnOptions()), Throws.InstanceOf<AtlException>().With.Message
            .Match("^O-Net \\(net 'PNet'\\): outputs .*, expected one of 10 channels$"));
    }

    [TestCase("office1.jpg", 16)]
    [TestCase("fish-bike.jpg", 1)]
    public void TilesShowTheSameFaces(string photo, int faces)
    {
        using MtcnnDetector whole = new(Nets.Value, new MtcnnOptions()),
            tiled = new(Nets.Value, new MtcnnOptions { PixelsAtOnce = 5000 });
        using DecodedImage image = DecodedImage.FromFile(TestData.Require("faces", "photos", photo), ImageColor.Color);
        IReadOnlyList<DetectedFace> found = tiled.Detect([image.Mat])[0];
        Assert.That(found, Has.Count.EqualTo(faces));
        Assert.That(found, Is.EqualTo(whole.Detect([image.Mat])[0]));
    }

    [Test]
    public void ThePyramidBeginsWhereTheSmallestFaceIsTwelvePixels() =>
        Assert.That(ProposalStage.Scales(100, 48, 24, 0.5), Is.EqualTo([0.5, 0.25]));

    private sealed class EvenOnly : IFaceDetector
    {
        public IReadOnlyList<IReadOnlyList<DetectedFace>> Detect(IReadOnlyList<Mat> images) =>
            images.Any(image => image.Cols % 2 == 1)
            ? throw new OverflowException("too odd")
            : [.. images.Select(image =>
                new[] { new DetectedFace(new FaceBox(0, 0, image.Cols, image.Rows), 1, default) })];

        public void Dispose()
        {
        }
    }

    private sealed class NarrowOnly : IFaceDetector
    {
        public IReadOnlyList<IReadOnlyList<DetectedFace>> Detect(IReadOnlyList<Mat> images) =>
            images.Any(image => image.Cols > 50)
            ? throw new AtlException("too wide")
            : [.. images.Select(image =>
                new[] { new DetectedFace(new FaceBox(0, 0, image.Cols, image.Rows), 1, default) })];

        public void Dispose()
        {
        }
    }
}
