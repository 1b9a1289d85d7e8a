using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Cli.Tests;

/// <summary>detect and align as a user calls them, on real photographs with the published weights.</summary>
public sealed class FaceCommandTests : FolderFixture
{
    [Test]
    public void FacesAreDetectedDrawnAndAligned()
    {
        string models = TestData.Require("weights", "mtcnn");
        Directory.CreateDirectory(_folder["photos/sub"]);
        File.Copy(TestData.Require("faces", "photos", "test2.jpg"), _folder["photos/sub/face.jpg"]);
        File.Copy(TestData.Require("faces", "photos", "fish-bike.jpg"), _folder["photos/bike.jpg"]);
        File.WriteAllText(_folder["photos/bad.jpg"], "no image");

        ProgramResult detect = Run("detect", "photos", "-models", models, "-minsize", "40", "-out", "faces.jsonl", "-draw", "drawn");
        Assert.That(detect.ExitCode, Is.EqualTo(3), detect.Errors);
        Assert.That(detect.Errors, Does.Contain("no face: photos/bike.jpg").And.Contain("unreadable: image 'photos/bad.jpg'").And.Contain("3 images, "));
        string[] lines = File.ReadAllLines(_folder["faces.jsonl"]);
        Assert.That(lines, Has.Length.EqualTo(3));
        Assert.That(lines[0], Does.StartWith("{\"image\":\"photos/bad.jpg\",\"name\":\"bad.jpg\",\"error\":"));
        Assert.That(lines[1], Does.EndWith("\"faces\":[]}"));
        Assert.That(File.Exists(_folder["drawn/sub/face.png"]));

        ProgramResult align = Run("align", "-faces", "faces.jsonl", "-mode", "wuxiang", "-out", "aligned");
        Assert.That(align.ExitCode, Is.EqualTo(3), align.Errors);
        Assert.That(align.Errors, Does.Contain("3 images: 1 aligned, 0 there already, 2 failed"));
        Assert.That(File.ReadAllLines(_folder["aligned/failed.txt"])[1], Is.EqualTo("bike.jpg\tno face"));

        File.Delete(_folder["photos/bad.jpg"]);
        File.Delete(_folder["photos/bike.jpg"]);
        ProgramResult direct = Run("align", "photos", "-models", models, "-minsize", "40", "-out", "direct");
        Assert.That(direct.ExitCode, Is.Zero, direct.Errors);
        // The nets ran on batches of another size, which changes the last bits of the points.
        using Mat one = Cv2.ImRead(_folder["direct/sub/face.png"]), two = Cv2.ImRead(_folder["aligned/sub/face.png"]);
        Assert.That((one.Rows, one.Cols), Is.EqualTo((112, 112)));
        Assert.That(Cv2.Norm(one, two, NormTypes.INF), Is.LessThanOrEqualTo(2));
    }

    [TestCase("align takes -faces FILE, or images and -models DIR", "align", "-out", "x")]
    [TestCase("align takes -faces FILE, or images and -models DIR", "align", "photos", "-faces", "x", "-out", "x")]
    [TestCase("detect needs IMAGES", "detect")]
    [TestCase("flag '-size' is '3', expected WIDTHxHEIGHT", "align", "-faces", "x", "-out", "x", "-size", "3")]
    public void AWrongCommandLineIsExplained(string message, params string[] arguments)
    {
        ProgramResult result = Run(arguments);
        Assert.That(result.ExitCode, Is.EqualTo(2), result.Errors);
        Assert.That(result.LastError, Does.Contain(message));
    }

    [Test]
    public void AMissingFolderIsNamed()
    {
        ProgramResult result = Run("detect", "absent", "-models", "x");
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.LastError, Does.Contain("absent: no such file or folder"));
    }

    private ProgramResult Run(params string[] arguments) => AtlProgram.Run(_folder.FullName, arguments);
}
