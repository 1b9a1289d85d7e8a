using Atl.Face.Alignment;
using Atl.Face.Faces;
using Atl.Proto;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Face.Tests.Alignment;

public class AlignmentRunTests : FolderFixture
{
    private static readonly Landmarks Points = new(new(30, 40), new(60, 40), new(45, 55), new(35, 70), new(55, 70));
    [Test]
    public void TheTreeIsKeptFailuresAreListedAndASecondRunSkipsWhatIsThere()
    {
        ImageFaces[] images =
        [
            Image("p1/a.png", One()),
            Image("p1/b.png", []),
            Image("p2/c.png", [.. One(), Face(200)]),
            new(new ImageFile(_folder["in/absent.png"], "absent.png"), 0, 0, One()),
            new(new ImageFile(_folder["in/bad.png"], "bad.png"), 0, 0, [], "cannot be decoded"),
        ];
        AlignmentOutcome outcome = Run(images);
        Assert.That((outcome.Aligned, outcome.Skipped, outcome.SeveralFaces), Is.EqualTo((2, 0, 1)));
        Assert.That(outcome.Failed.Select(failure => failure.Name), Is.EqualTo(new[] { "p1/b.png", "absent.png", "bad.png" }));
        string[] failed = File.ReadAllLines(_folder["out/failed.txt"]);
        Assert.That(failed[0], Is.EqualTo("p1/b.png\tno face"));
        Assert.That(failed[1], Does.StartWith("absent.png\timage '").And.Contain("does not exist"));
        Assert.That(failed[2], Is.EqualTo("bad.png\tcannot be decoded"));
        using Mat aligned = Cv2.ImRead(_folder["out/p1/a.png"]);
        Assert.That((aligned.Rows, aligned.Cols), Is.EqualTo((112, 112)));
        Assert.That(Directory.GetFiles(_folder["out"], "*.tmp", SearchOption.AllDirectories), Is.Empty);

        File.Delete(_folder["out/p2/c.png"]);
        outcome = Run(images[..3]);
        Assert.That((outcome.Aligned, outcome.Skipped, outcome.Failed.Count), Is.EqualTo((1, 1, 1)));
        outcome = Run(images[..1]);
        Assert.That(File.Exists(_folder["out/failed.txt"]), Is.False, "nothing failed");
    }

    [Test]
    public void SeveralFacesMayBeLeftOut()
    {
        AlignmentOutcome outcome = new AlignmentRun(new AlignmentOptions(new WuXiangAlignment(), _folder["out"]) { Choice = FaceChoice.Skip }).Run([Image("a.png", [.. One(), Face(5)])]);
        Assert.That(outcome.Failed, Is.EqualTo(new[] { ("a.png", "2 faces") }));
    }

    [Test]
    public void TwoImagesOfOneNameAndNamesOutsideAreRefused()
    {
        Assert.That(() => Run([Image("a.png", One()), Image("a.jpg", One())]), Throws.InstanceOf<AtlException>().With.Message.Contains("would both become"));
        Assert.That(() => Run([new(new ImageFile("x.png", "../x.png"), 0, 0, One())]), Throws.InstanceOf<AtlException>().With.Message.Contains("'../x.png'"));
    }

    [TestCase(FaceChoice.Largest, 1)]
    [TestCase(FaceChoice.Centre, 0)]
    [TestCase(FaceChoice.Best, 2)]
    public void TheChosenFaceIsThatOfThePolicy(FaceChoice choice, int expected)
    {
        DetectedFace[] faces =
        [
            new(new FaceBox(45, 45, 55, 55), 0.7f, Points),
            new(new FaceBox(0, 0, 40, 40), 0.8f, Points),
            new(new FaceBox(80, 80, 90, 90), 0.9f, Points),
        ];
        Assert.That(choice.Choose(faces, 100, 100), Is.SameAs(faces[expected]));
    }

    private AlignmentOutcome Run(IReadOnlyList<ImageFaces> images) => new AlignmentRun(new AlignmentOptions(new WuXiangAlignment(), _folder["out"])).Run(images);

    private static DetectedFace[] One() => [Face(50)];

    private static DetectedFace Face(float side) => new(new FaceBox(10, 10, 10 + side, 10 + side), 1, Points);

    private ImageFaces Image(string name, DetectedFace[] faces)
    {
        string path = _folder["in/" + name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using Mat image = new(100, 90, MatType.CV_8UC3, new Scalar(10, 20, 30));
        File.WriteAllBytes(path, image.ImEncode(".png"));
        return new ImageFaces(new ImageFile(path, name), 90, 100, faces);
    }
}
