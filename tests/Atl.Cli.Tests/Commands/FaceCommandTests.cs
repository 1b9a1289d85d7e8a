using System.Diagnostics;
using Atl.Faults;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Cli.Tests.Commands;

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

        ProgramResult detect = Run("detect", "photos", "-models", models, "-minsize", "40", "-out", "faces.jsonl",
            "-draw", "drawn");
        Assert.That(detect.ExitCode, Is.EqualTo(3), detect.Errors);
        Assert.That(detect.Errors,
            Does.Contain("no face: photos/bike.jpg").And.Contain("unreadable: image 'photos/bad.jpg'").And.Contain(
                "3 images, "));
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

    [TestCase("aligned/", "center")]
    [TestCase("./aligned/", "centre")]
    [TestCase("aligned", "all")]
    public void AFolderWithASlashIsTheSameFolder(string folder, string choice)
    {
        WriteFaces(2);
        ProgramResult align = Run("align", "-faces", "faces.txt", "-choose", choice, "-out", folder);
        Assert.That(align.ExitCode, Is.Zero, align.Errors);
        Assert.That(align.Errors, Does.Contain("2 images: 2 aligned, 0 there already, 0 failed"));
        Assert.That(File.Exists(_folder[choice == "all" ? "aligned/1_0.png" : "aligned/1.png"]));
    }

    [TestCase("wuxiang")]
    [TestCase("wuxiang-eyeline")]
    [TestCase("sphereface")]
    [TestCase("arcface")]
    public void PointsThatAreNoFaceFail(string mode)
    {
        WriteFaces(3);
        File.AppendAllText(_folder["faces.txt"],
            "0.png 5030 5040 5060 5040 5045 5055 5035 5070 5055 5070\n1.png 60 40 30 40 45 55 55 70 35 70\n");
        File.WriteAllText(_folder["faces.jsonl"], """
            {"image":"0.png","faces":[{"points":[[5030,5040],[5060,5040],[5045,5055],[5035,5070],[5055,5070]]}]}
            {"image":"1.png","faces":[{"points":[[60,40],[30,40],[45,55],[55,70],[35,70]]}]}
            {"image":"2.png","faces":[{"points":[[30,40],[60,40],[45,55],[35,70],[55,70]]}]}
            """);
        ProgramResult align = Run("align", "-faces", "faces.jsonl", "-mode", mode, "-out", "aligned");
        Assert.That(align.ExitCode, Is.EqualTo(3), align.Errors);
        Assert.That(align.Errors, Does.Contain("3 images: 1 aligned, 0 there already, 2 failed"));
        string[] failed = File.ReadAllLines(_folder["aligned/failed.txt"]);
        Assert.That(failed[0], Does.StartWith("0.png\tfaces.jsonl:1: 0 of the five landmarks are inside the image of "
            + "90x100 pixels"));
        Assert.That(failed[1],
            Does.StartWith("1.png\tfaces.jsonl:2: ")
            .And.Contain(mode == "wuxiang-eyeline" ? "the mouth is not below the eyes" : "left and right are swapped"));
        align = Run("align", "-faces", "faces.txt", "-mode", mode, "-choose", "all", "-out", "all");
        Assert.That(align.Errors,
            Does.Contain("3 images: 1 aligned, 0 there already, 2 failed; 3 face images written"));
    }

    [Test]
    public void AFolderHoldsPicturesOfOneFormat()
    {
        WriteFaces(2);
        Assert.That(Run("align", "-faces", "faces.txt", "-out", "aligned").ExitCode, Is.Zero);
        ProgramResult jpeg = Run("align", "-faces", "faces.txt", "-format", "jpg", "-out", "aligned");
        Assert.That(jpeg.ExitCode, Is.EqualTo(1));
        Assert.That(jpeg.LastError,
            Does.Contain("wuxiang 112x112 ec_mc_y 40'").And.Contain("expected 'wuxiang 112x112 ec_mc_y 40, as jpg'"));
        ProgramResult anew = Run("align", "-faces", "faces.txt", "-format", "jpg", "-overwrite", "-out", "aligned");
        Assert.That(anew.ExitCode, Is.Zero, anew.Errors);
        Assert.That(Directory.GetFiles(_folder["aligned"]).Select(Path.GetFileName),
            Is.EquivalentTo(["0.jpg", "1.jpg", "alignment.txt"]));

        // A folder of JPEG images from before formats were noted.
        File.WriteAllText(_folder["aligned/alignment.txt"], "wuxiang 112x112 ec_mc_y 40\n");
        ProgramResult old = Run("align", "-faces", "faces.txt", "-format", "jpg", "-out", "aligned");
        Assert.That(old.Errors, Does.Contain("2 images: 0 aligned, 2 there already"));
        Assert.That(File.ReadAllText(_folder["aligned/alignment.txt"]),
            Is.EqualTo("wuxiang 112x112 ec_mc_y 40, as jpg\n"));
    }

    [Test]
    public void TwoProcessesShareAFolder()
    {
        WriteFaces(40);
        using Process other = AtlProgram.Start(_folder.FullName, "align", "-faces", "faces.txt", "-out", "aligned");
        ProgramResult align = Run("align", "-faces", "faces.txt", "-out", "aligned/");
        other.StandardError.ReadToEnd();
        other.WaitForExit();
        Assert.That((align.ExitCode, other.ExitCode), Is.EqualTo((0, 0)), align.Errors);
        Assert.That(Directory.GetFiles(_folder["aligned"]), Has.Length.EqualTo(41), "the images and alignment.txt");
    }

    // They are not flushed one by one, but together at the end.
    [Test]
    public void AlignedPicturesThatDoNotReachTheDiskAreAFailure()
    {
        if (FaultLibrary.Path is null) Assert.Ignore(FaultLibrary.AbsentReason);
        WriteFaces(3);
        ProgramResult align = AtlProgram.Run(_folder.FullName, FaultLibrary.Environment(_folder.FullName, "eio@sync:1"),
            "align", "-faces", "faces.txt", "-out", "aligned");
        Assert.That((align.ExitCode, align.LastError), Is.EqualTo(
            (1, "atl align: aligned: cannot flush to the disk: Input/output error")));
        align = Run("align", "-faces", "faces.txt", "-out", "aligned");
        Assert.That((align.ExitCode, align.LastError),
            Is.EqualTo((0, "3 images: 0 aligned, 3 there already, 0 failed")));
    }

    [TestCase("align takes -faces FILE, or images and -models DIR", "align", "-out", "x")]
    [TestCase("align takes -faces FILE, or images and -models DIR", "align", "photos", "-faces", "x", "-out", "x")]
    [TestCase("detect needs IMAGES", "detect")]
    [TestCase("flag '-out' is 'faces.xml', and faces are not written as '.xml'; expected .jsonl (JSON lines) or .csv",
        "detect", "photos", "-models", "x", "-out", "faces.xml")]
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

    private void WriteFaces(int count)
    {
        for (int i = 0; i < count; i++)
        {
            using Mat image = new(100, 90, MatType.CV_8UC3, new Scalar(i, 20, 30));
            image.SaveImage(_folder[$"{i}.png"]);
        }
        File.WriteAllLines(_folder["faces.txt"],
            Enumerable.Range(0, count).Select(i => $"{i}.png 30 40 60 40 45 55 35 70 55 70"));
    }

    private ProgramResult Run(params string[] arguments) => AtlProgram.Run(_folder.FullName, arguments);
}
