using Atl.Face.Alignment;
using Atl.Face.Faces;
using Atl.Proto;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Face.Tests.Alignment;

internal class AlignmentRunTests : FolderFixture
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
        Assert.That(outcome.Failed.Select(failure => failure.Name), Is.EqualTo(["p1/b.png", "absent.png", "bad.png"]));
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
    }

    [Test]
    public void WhateverGoesWrongWithAnImageIsListedAndTheOthersAreAligned()
    {
        Directory.CreateDirectory(_folder["in/folder.png"]);
        File.WriteAllBytes(_folder["in/cut.png"], File.ReadAllBytes(Image("whole.png", One()).Image.Path)[..60]);
        ImageFaces[] images =
        [
            Image("a.png", One()),
            new(new ImageFile(_folder["in/folder.png"], "folder.png"), 0, 0, One()),
            new(new ImageFile(_folder["in/cut.png"], "cut.png"), 0, 0, One()),
            Image("b.png", One()) with { Image = new ImageFile(_folder["in/b.png"], new string('n', 300) + ".png") },
            Image("z.png", One()),
        ];
        AlignmentOutcome outcome = Run(images);
        Assert.That(outcome.Aligned, Is.EqualTo(2));
        Assert.That(outcome.Failed.Select(failure => failure.Reason),
            Has.Exactly(3).Items.And.None.Contains("Exception"));
    }

    [Test]
    public void AFaceOfAListThatIsNoneIsNamedWithItsLine()
    {
        Image("a.png", One());
        Image("b.png", One());
        File.WriteAllText(_folder["faces.txt"],
            $"{_folder["in/a.png"]} 30 40 60 40 45 55 35 70 55 70\n\n{_folder["in/b.png"]} -5e9 40 60 40 45 55 35 "
                + "70 55 70\n");
        AlignmentOutcome outcome = Run([.. FaceFile.Read(_folder["faces.txt"])]);
        Assert.That(outcome.Aligned, Is.EqualTo(1));
        Assert.That(outcome.Failed.Single().Reason,
            Does.StartWith($"{_folder["faces.txt"]}:3: a landmark is at -5E+09, 40, far outside"));
    }

    [Test]
    public void AnOutputThatCannotBeWrittenEndsTheRun()
    {
        ImageFaces[] images = [Image("p/a.png", One()), Image("p/b.png", One())];
        Directory.CreateDirectory(_folder["out"]);
        File.WriteAllText(_folder["out/p"], "a file where the folder should be");
        Assert.That(() => Run(images), Throws.TypeOf<OutputException>().With.Message.Contain("cannot write"));
    }

    [Test]
    public void NamesWithTabsAndLineEndsStayInTheListOfFailures()
    {
        Run([Image("a.png", []) with { Image = new ImageFile(_folder["in/a.png"], "tab\tand\nline.png") }]);
        Run([Image("b.png", [])]);
        Assert.That(File.ReadAllLines(_folder["out/failed.txt"]),
            Is.EqualTo([@"""tab\tand\nline.png""" + "\tno face", "b.png\tno face"]));
        Run([Image("a.png", One()) with { Image = new ImageFile(_folder["in/a.png"], "tab\tand\nline.png") }]);
        Assert.That(File.ReadAllLines(_folder["out/failed.txt"]), Is.EqualTo(["b.png\tno face"]));
    }

    [Test]
    public void WhatOtherRunsHaveListedStaysUntilTheImageHasItsPicture()
    {
        Run([Image("a.png", []), Image("b.png", [])]);
        Run([Image("c.png", []), Image("d.png", One())]);
        Assert.That(File.ReadAllLines(_folder["out/failed.txt"]),
            Is.EqualTo(["a.png\tno face", "b.png\tno face", "c.png\tno face"]));
        Run([Image("b.png", One())]);
        Assert.That(File.ReadAllLines(_folder["out/failed.txt"]),
            Is.EqualTo(["a.png\tno face", "c.png\tno face"]));
        Run([Image("a.png", One())]);
        File.Copy(_folder["out/a.png"], _folder["out/c.png"]);
        Run([Image("d.png", One())]);
        Assert.That(File.Exists(_folder["out/failed.txt"]), Is.False, "every image has its picture");
    }

    [Test]
    public void ImagesOfAnotherAlignmentAreNotTakenForFinishedOnes()
    {
        ImageFaces[] images = [Image("a.png", One()), Image("b.png", One())];
        Run(images[..1]);
        Assert.That(File.ReadAllText(_folder["out/alignment.txt"]), Is.EqualTo("wuxiang 112x112 ec_mc_y 40\n"));
        Assert.That(
            () => Run(images, new WuXiangAlignment(eyeMouth: 44)),
            Throws.TypeOf<AtlException>().With.Message.Contains(
                "were aligned as 'wuxiang 112x112 ec_mc_y 40', expected 'wuxiang 112x112 ec_mc_y 44'"));
        Assert.That(File.Exists(_folder["out/b.png"]), Is.False, "nothing was made");
        Assert.That(Run(images, TemplateAlignment.SphereFace(), overwrite: true).Aligned, Is.EqualTo(2));
        Assert.That(Run(images, TemplateAlignment.SphereFace()).Skipped, Is.EqualTo(2));
    }

    [Test]
    public void ARunThatMakesImagesAgainAndBreaksOffLeavesNoMixture()
    {
        ImageFaces[] images = [Image("a.png", One()), Image("b.png", One())];
        Run(images);
        AlignmentOptions options = new(TemplateAlignment.SphereFace(), _folder["out"])
        {
            Overwrite = true,
            Workers = 1
        };
        Assert.That(() => new AlignmentRun(options).Run(images, onDone: _ => throw new NotSupportedException()),
            Throws.TypeOf<NotSupportedException>());
        Assert.That(Run(images, TemplateAlignment.SphereFace()),
            Has.Property("Aligned").EqualTo(1).And.Property("Skipped").EqualTo(1));
    }

    [Test]
    public void ImagesWithoutANoteCountByTheirSize()
    {
        ImageFaces[] images = [Image("a.png", One()), Image("b.png", One())];
        Run(images[..1]);
        File.Delete(_folder["out/alignment.txt"]);
        Assert.That(() => Run(images, new WuXiangAlignment(96, 112)),
            Throws.TypeOf<AtlException>().With.Message.Contains("were aligned as '112x112'"));
        Assert.That(Run(images).Skipped, Is.EqualTo(1));
        Assert.That(File.Exists(_folder["out/alignment.txt"]), Is.True);
    }

    [Test]
    public void SeveralFacesMayBeLeftOut()
    {
        AlignmentOptions options = new(new WuXiangAlignment(), _folder["out"]) { Choice = FaceChoice.Skip };
        AlignmentOutcome outcome = new AlignmentRun(options).Run([Image("a.png", [.. One(), Face(5)])]);
        Assert.That(outcome.Failed, Is.EqualTo([("a.png", "2 faces")]));
    }

    [Test]
    public void NamesOutsideAreRefused() =>
        Assert.That(Run([new(new ImageFile("x.png", "../x.png"), 0, 0, One())]).Failed.Single().Reason,
            Does.Contain("'../x.png'"));

    [TestCase("out/")]
    [TestCase("./out/")]
    [TestCase("out//")]
    [TestCase("out/.")]
    public void ASlashAtTheFoldersEndChangesNothing(string folder)
    {
        AlignmentOptions options = new(new WuXiangAlignment(), _folder[folder]);
        Assert.That(new AlignmentRun(options).Run([Image("p/a.png", One())]).Aligned, Is.EqualTo(1));
        Assert.That(File.Exists(_folder["out/p/a.png"]));
        Assert.That(new AlignmentRun(options).Run([new(new ImageFile("x.png", "../out2/x.png"), 0, 0, One())]).Failed,
            Has.Count.EqualTo(1));
    }

    [Test]
    public void ImagesThatDifferInTheExtensionAreAllAligned()
    {
        ImageFaces[] images = [Image("p/a.jpg", One()), Image("p/a.png", One()), Image("p/a.png.bmp", One()),
            Image("b.jpg", One()), Image("p/a.tif", One())];
        AlignmentOutcome outcome = Run(images);
        Assert.That((outcome.Aligned, outcome.KeptExtensions), Is.EqualTo((4, new[] { "p/a.tif" })));
        Assert.That(outcome.Failed, Is.EqualTo([("p/a.png", CropNames.Taken)]),
            "p/a.png.bmp has its second name");
        foreach (string picture in (string[])["p/a.png", "p/a.png.png", "p/a.tif.png",
            "b.png"]) Assert.That(File.Exists(_folder["out/" + picture]), picture);
        Assert.That(Run(images).Skipped, Is.EqualTo(4), "the next run finds them");
    }

    [Test]
    public void AnImageThatIsListedTwiceIsOne()
    {
        ImageFaces a = Image("a.png", One());
        AlignmentOptions options = new(new WuXiangAlignment(), _folder["out"]) { Choice = FaceChoice.Skip };
        AlignmentOutcome outcome = new AlignmentRun(options).Run([a, Image("b.png", One()), a]);
        Assert.That((outcome.Aligned, outcome.Skipped, outcome.Failed.Count, outcome.Repeated),
            Is.EqualTo((2, 0, 0, 1)));
        string line = $"{_folder["in/a.png"]} 30 40 60 40 45 55 35 70 55 70\n";
        File.WriteAllText(_folder["faces.txt"], line + line);
        Assert.That(FaceFile.Read(_folder["faces.txt"]).Single().Faces, Has.Count.EqualTo(1));
    }

    [Test]
    public void EveryFaceOfAnImageMayBeTaken()
    {
        DetectedFace moved = new(new FaceBox(0, 0, 20, 20), 1,
            Points.Map(point => point + new System.Numerics.Vector2(3, 2)));
        DetectedFace none = new(new FaceBox(0, 0, 20, 20), 1,
            Points.Map(point => point + new System.Numerics.Vector2(300, 200)));
        AlignmentOptions options = new(new WuXiangAlignment(), _folder["out"]) { Choice = FaceChoice.All };
        ImageFaces[] images = [Image("a.png", [.. One(), moved]), Image("b.png", One()),
            Image("c.png", [.. One(), none])];
        AlignmentOutcome outcome = new AlignmentRun(options).Run(images);
        Assert.That((outcome.Aligned, outcome.Crops, outcome.SeveralFaces), Is.EqualTo((2, 4, 0)));
        Assert.That(Directory.GetFiles(_folder["out"], "*.png").Select(Path.GetFileName).Order(),
            Is.EqualTo(["a_0.png", "a_1.png", "b_0.png", "c_0.png"]));
        Assert.That(outcome.Failed.Single().Reason,
            Does.StartWith("face 1 of 2: 0 of the five landmarks are inside the image of 90x100 pixels"));
        Assert.That(new AlignmentRun(options).Run(images[..2]).Skipped, Is.EqualTo(2));
        File.Delete(_folder["out/a_1.png"]);
        File.Delete(_folder["out/a_0.png"]);
        Assert.That(new AlignmentRun(options).Run(images[..2]),
            Has.Property("Aligned").EqualTo(1).And.Property("Skipped").EqualTo(1));
    }

    [Test]
    public void AllFacesAndOneFaceAreDifferentAlignmentsAndNoOldFaceStays()
    {
        DetectedFace moved = new(new FaceBox(0, 0, 20, 20), 1,
            Points.Map(point => point + new System.Numerics.Vector2(3, 2)));
        AlignmentOptions all = new(new WuXiangAlignment(), _folder["out"])
        {
            Choice = FaceChoice.All,
            Overwrite = true
        };
        new AlignmentRun(all).Run([Image("a.png", [.. One(), moved]), Image("b.png", One())]);
        // The crop of a_0.png would have the name of one of a.png's.
        Assert.That(() => Run([Image("a_0.png", One())]), Throws.TypeOf<AtlException>().With.Message.Contains(
            "were aligned as 'wuxiang 112x112 ec_mc_y 40, all faces', expected 'wuxiang 112x112 ec_mc_y 40'"));
        new AlignmentRun(all).Run([Image("a.png", One())]);
        Assert.That(Pictures(), Is.EqualTo(["a_0.png", "b_0.png"]), "the second face was of the earlier run");
        Run([Image("a.png", One()), Image("b.png", One())], overwrite: true);
        Assert.That(Pictures(), Is.EqualTo(["a.png", "b.png"]));

        IEnumerable<string?> Pictures() => Directory.GetFiles(_folder["out"], "*.png").Select(Path.GetFileName).Order();
    }

    [Test]
    public void FacesOfAnImageOfAnotherSizeAreNotTaken()
    {
        ImageFaces image = Image("a.png", One());
        Assert.That(Run([image with { Width = 180, Height = 200 }]).Failed.Single().Reason,
            Is.EqualTo("the image has 90x100 pixels, but its faces are those of one of 180x200"));
    }

    [Test]
    public void ManyRunsMayShareAFolder()
    {
        ImageFaces[] images = [.. Enumerable.Range(0, 24).Select(i => Image($"p{i % 3}/{i}.png", i == 7 ? [] : One()))];
        for (int round = 0; round < 5; round++)
        {
            AlignmentOutcome[] outcomes = new AlignmentOutcome[4];
            Thread[] runs = [.. Enumerable.Range(0, 4).Select(run => new Thread(() => outcomes[run] = Run(images)))];
            foreach (Thread run in runs) run.Start();
            foreach (Thread run in runs) run.Join();
            Assert.That(outcomes.Select(outcome => outcome.Failed), Is.All.EqualTo(new[] { ("p1/7.png", "no face") }));
            Assert.That(outcomes.Sum(outcome => outcome.Aligned), Is.EqualTo(23), "each picture is made by one");
            Assert.That(File.ReadAllLines(_folder["out/failed.txt"]), Is.EqualTo(["p1/7.png\tno face"]));
            Assert.That(Directory.GetFiles(_folder["out"], "*", SearchOption.AllDirectories),
                Has.Length.EqualTo(23 + 2), "nothing temporary stays");
            Directory.Delete(_folder["out"], true);
        }
    }

    [Test]
    public void RunsOfDifferentImagesLoseNoFailure()
    {
        Thread[] runs = [.. Enumerable.Range(0, 6).Select(run => new Thread(() => Run([Image($"{run}.png", [])])))];
        foreach (Thread run in runs) run.Start();
        foreach (Thread run in runs) run.Join();
        Assert.That(File.ReadAllLines(_folder["out/failed.txt"]).Order(),
            Is.EqualTo(Enumerable.Range(0, 6).Select(run => $"{run}.png\tno face")));
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
        Assert.That(choice.Choose(faces, 100, 100), Is.EqualTo([faces[expected]]));
    }

    private AlignmentOutcome Run(IReadOnlyList<ImageFaces> images, FaceAlignment? alignment = null,
        bool overwrite = false) =>
        new AlignmentRun(new AlignmentOptions(alignment ?? new WuXiangAlignment(),
            _folder["out"])
        { Overwrite = overwrite }).Run(images);

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
