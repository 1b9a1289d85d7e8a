using System.Numerics;
using Atl.Face.Faces;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Face.Tests.Faces;

public class FaceFileTests : FolderFixture
{
    private static readonly Landmarks Points = new(new(30.25f, 40), new(60, 40.1f), new(45, 55), new(35, 70),
        new(55, 70));

    private static readonly ImageFaces[] Images =
    [
        new(new("in/a, \"b\".jpg", "a, \"b\".jpg"), 90, 100,
            [new(new(1.5f, 2, 30, 40), 0.99f, Points), new(new(-3, 2, 30, 40), 0.5f, Points)]),
        new(new("in/none.jpg", "none.jpg"), 90, 100, []),
        new(new("in/bad.jpg", "bad.jpg"), 0, 0, [], "12 bytes, cannot be decoded"),
    ];

    [TestCase("json")]
    [TestCase("csv")]
    public void WhatIsWrittenIsReadBack(string format)
    {
        string file = _folder["faces"];
        StreamWriter output = new(file);
        using (IFaceWriter writer = format == "csv" ? FaceWriter.Csv(output) : FaceWriter.Json(output))
            foreach (ImageFaces image in Images) writer.Write(image);
        IReadOnlyList<ImageFaces> read = FaceFile.Read(file);
        Assert.That(read.Select(image => (image.Image, image.Width, image.Height, image.Error)),
            Is.EqualTo(Images.Select(image => (image.Image, image.Width, image.Height, image.Error))));
        for (int i = 0; i < Images.Length; i++) Assert.That(read[i].Faces, Is.EqualTo(Images[i].Faces));
    }

    [TestCase("json")]
    [TestCase("csv")]
    public void OddNamesAreReadBack(string format)
    {
        string[] names = ["tab\t.jpg", "line\nend\r.jpg", " blank ", "\"quoted\".jpg", "back\\slash.jpg", "#1", "-x",
            "\uFEFFmark.jpg", "a,b\".jpg"];
        ImageFaces[] images = [.. names.Select(name => new ImageFaces(new ImageFile("in/" + name, name), 9, 9, []))];
        string file = _folder["faces"];
        using (IFaceWriter writer = format == "csv" ? FaceWriter.Csv(new StreamWriter(file))
            : FaceWriter.Json(new StreamWriter(file)))
            foreach (ImageFaces image in images) writer.Write(image);
        Assert.That(FaceFile.Read(file).Select(image => image.Image), Is.EqualTo(images.Select(image => image.Image)));
    }

    [Test]
    public void APathOfAListMayBeQuoted()
    {
        IReadOnlyList<ImageFaces> read = Read("\"/d/a\\tb 7.jpg\" 1 2 3 4 5 6 7 8 9 10\n");
        Assert.That(read.Single().Image.Path, Is.EqualTo("/d/a\tb 7.jpg"));
    }

    [TestCase("{\"image\":\"a\\u0000.jpg\",\"faces\":[]}", 1)]
    [TestCase("{\"image\":\"a.jpg\",\"faces\":[]}\n{\"image\":\"\",\"faces\":[]}", 2)]
    public void APathThatNoFileCanHaveIsAnErrorOfItsLine(string json, int line) =>
        Assert.That(() => Read(json), Throws.TypeOf<AtlException>().With.Message.Contain($":{line}: the path '"));

    [Test]
    public void NamesThatAreNotUtf8AreNamedAndNotPassedOver()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("file names are bytes on Linux only");
        const string Make = "mkdir -p \"$0/a\" \"$0/$(printf 'b\\377')\" && touch \"$0/a/1.jpg\" "
            + "\"$0/a/$(printf '2\\377').jpg\" \"$0/$(printf 'b\\377')/3.jpg\"";
        Shell(Make);
        IReadOnlyList<ImageFile> found = ImageFiles.Find([_folder["set"]], out _);
        Assert.That(found.Select(image => image.Name), Is.EqualTo(["a/1.jpg", "a/2\uFFFD.jpg", "b\uFFFD/"]));
        foreach (ImageFile image in found.Skip(1))
            Assert.That(() => Atl.Data.DecodedImage.FromFile(image.Path, Atl.Data.ImageColor.Color),
                Throws.TypeOf<AtlException>().With.Message.Contain(
                    "the name holds bytes that are not UTF-8: rename the file"));
        // .NET cannot remove them either.
        Shell("rm -r \"$0\"");

        void Shell(string command)
        {
            using System.Diagnostics.Process shell = System.Diagnostics.Process.Start("sh",
                ["-c", command, _folder["set"]]);
            shell.WaitForExit();
        }
    }

    [Test]
    public void ALineOfAListIsAPathAndTenNumbers()
    {
        IReadOnlyList<ImageFaces> read =
            Read("/d/p 1/my face.jpg 1 2 3 4 5 6 7 8 9 10\n/d/p 1/my face.jpg 11 12 13 14 15 16 17 18 19 "
                + "20\n\n/d/q/x.jpg\t1 2 3 4 5 6 7 8 9 10.5\n");
        Assert.That(read.Select(image => (image.Image.Path, image.Image.Name, image.Faces.Count)),
            Is.EqualTo([("/d/p 1/my face.jpg", "p 1/my face.jpg", 2), ("/d/q/x.jpg", "q/x.jpg", 1)]));
        Assert.That(read[1].Faces[0].Landmarks.RightMouth, Is.EqualTo(new Vector2(9, 10.5f)));
        Assert.That(read[0].Faces[1].Box, Is.EqualTo(new FaceBox(11, 12, 19, 20)));
    }

    [TestCase("", "is empty")]
    [TestCase("a.jpg 1 2 3", ":1: found 'a.jpg 1 2 3', expected a path and ten numbers")]
    [TestCase("a.jpg 0 1 2 3 4 5 6 7 8 9 10", ":1: found more than ten numbers, expected a path and ten numbers")]
    [TestCase("path x1 y1 x2 y2 x3 y3 x4 y4 x5 y5\na.jpg 1 2 3 4 5 6 7 8 9 10", ":1: found 'path x1")]
    [TestCase("{\"image\":\"a\",\"faces\":[]}\n{\"image\":", ":2: ")]
    [TestCase("{\"image\":\"a\",\"faces\":[{\"points\":[[1,2]]}]}", ":1: 2 numbers, expected 10; expected {\"image\"")]
    [TestCase("{\"image\":null,\"faces\":[]}", ":1: the image is null")]
    [TestCase("{\"faces\":[]}", ":1: \"image\" is missing")]
    [TestCase("{\"image\":\"a\",\"faces\":[{\"box\":[1,2,3,4]}]}", ":1: \"points\" is missing")]
    public void WhatDoesNotFitIsNamed(string text, string message) =>
        Assert.That(() => Read(text), Throws.InstanceOf<AtlException>().With.Message.Contains(message));

    [Test]
    public void NullsAndFractionsOfOtherWritersChangeNothing()
    {
        ImageFaces read = Read("{\"image\":\"a.jpg\",\"name\":null,\"error\":null,\"width\":90.0,\"height\":100.0,"
            + "\"faces\":[{\"points\":[[1,2],[3,4],[5,6],[7,8],[9,10]]}]}\n")[0];
        Assert.That((read.Image.Name, read.Width, read.Height, read.Error, read.Faces.Count),
            Is.EqualTo(("a.jpg", 90, 100, (string?)null, 1)));
    }

    [Test]
    public void WhatARunHasWrittenBelowTheFolderThatItSearchesIsNoImageOfIt()
    {
        foreach (string name in (string[])["set/a.jpg", "set/aligned/a.png", "set/p/aligned/b.jpg"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
            File.WriteAllText(_folder[name], "");
        }
        IReadOnlyList<ImageFile> found = ImageFiles.Find([_folder["set/"]], out _, _folder["set/./aligned/"]);
        Assert.That(found.Select(image => image.Name), Is.EqualTo(["a.jpg", "p/aligned/b.jpg"]));
        Assert.That(ImageFiles.Find([_folder["set"]], out _, _folder["set"]), Has.Count.EqualTo(3),
            "the folder that is given is searched");
    }

    [Test]
    public void ImagesAreFoundInFoldersAndListsByName()
    {
        foreach (string name in (string[])["set/b/2.jpg", "set/a/1.PNG", "set/a/notes.md", "list.txt"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
            File.WriteAllText(_folder[name], name == "list.txt" ? "set/b/2.jpg 7\nset/a/1.PNG 8.0\n" : "");
        }
        IReadOnlyList<ImageFile> found = ImageFiles.Find([_folder["set"]], out int passedOver);
        Assert.That((found.Select(image => image.Name).ToArray(), passedOver),
            Is.EqualTo((new[] { "a/1.PNG", "b/2.jpg" }, 1)));
        Assert.That(ImageFiles.Find([_folder["list.txt"]], out _).Select(image => image.Name),
            Is.EqualTo(["b/2.jpg", "a/1.PNG"]));
        Assert.That(() => ImageFiles.Find([_folder["absent"]], out _),
            Throws.InstanceOf<AtlException>().With.Message.Contains("absent: no such file or folder"));
    }

    [TestCase("a.jpg 3.0\nb c.jpg 4\n", "3,4")]
    [TestCase("a.jpg -1\n\nb c.jpg 4\n", "-1,4")]
    [TestCase("0\t3.000000\ta.jpg\n1\t4\tb c.jpg\n", "3,4")]
    [TestCase("1\ta.jpg\t3\n1\tb c.jpg\t4\n", "3,4")]
    [TestCase("a.jpg\nb c.jpg\n", ",")]
    public void LabelsOfListsAreWholeNumbers(string text, string labels)
    {
        IReadOnlyList<ImageFile> found = FindInList(text);
        Assert.That(found.Select(image => image.Name), Is.EqualTo(["a.jpg", "b c.jpg"]));
        Assert.That(string.Join(',', found.Select(image => image.Label)), Is.EqualTo(labels));
    }

    [TestCase("a.jpg 1\nb c.jpg 1x\n",
        "list.txt:2: found 'b c.jpg 1x', expected a path, optionally a space and a whole number")]
    [TestCase("a.jpg 0,\nb c.jpg 1\n", "list.txt:1: found 'a.jpg 0,'")]
    [TestCase("a.jpg 1\nb c.jpg 0.5\n", "list.txt:2: found the label 0.5, expected a whole number")]
    [TestCase("a.jpg 1\n\nb c.jpg\n", "list.txt:3: '")]
    [TestCase("a.jpg\nb c.jpg\na.jpg 1\n", "list.txt:3: '")]
    [TestCase("path label\na.jpg 1\nb c.jpg 1\n",
        "list.txt:1: 'path label' has no label, but 2 other lines have; expected all or none")]
    public void FaultsOfAListAreNamedWithTheirLine(string text, string message) =>
        Assert.That(() => FindInList(text), Throws.TypeOf<AtlException>().With.Message.Contains(message));

    private IReadOnlyList<ImageFile> FindInList(string text)
    {
        foreach (string name in (string[])["a.jpg", "b c.jpg"]) File.WriteAllText(_folder[name], "");
        File.WriteAllText(_folder["list.txt"], text);
        return ImageFiles.Find([_folder["list.txt"]], out _);
    }

    private IReadOnlyList<ImageFaces> Read(string text)
    {
        File.WriteAllText(_folder["faces.txt"], text);
        return FaceFile.Read(_folder["faces.txt"]);
    }
}
