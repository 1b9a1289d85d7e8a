using Atl.Face.Faces;
using Atl.Proto;

namespace Atl.Face.Tests.Faces;

/// <summary>No two crops have one name, and no image loses its crop to another one's extension.</summary>
public class CropNamesTests
{
    [TestCase("out")]
    [TestCase("out/")]
    [TestCase("out/.//")]
    public void ImagesThatDifferInTheExtensionKeepIt(string folder)
    {
        ImageFile[] images = [Image("p/a.jpg"), Image("p/a.png"), Image("p/b.jpg"), Image("q/a.jpg"), Image("p/a.bmp")];
        CropNames names = new(images, folder, ".png");
        string[] expected = ["p/a.png", "p/a.png.png", "p/b.png", "q/a.png", "p/a.bmp.png"];
        Assert.That(images.Select(names.Of), Is.EqualTo(expected.Select(name => Path.GetFullPath("out/" + name))));
        Assert.That(names.Kept.Select(image => image.Name), Is.EqualTo(["p/a.png", "p/a.bmp"]));
    }

    [Test]
    public void ANameThatAnotherImageHasIsNotTaken()
    {
        ImageFile[] images = [Image("a.jpg"), Image("a.png"), Image("a.png.jpg")];
        CropNames names = new(images, "out", ".png");
        Assert.That(images.Select(names.Of),
            Is.EqualTo([Path.GetFullPath("out/a.png"), null, Path.GetFullPath("out/a.png.png")]));
    }

    [Test]
    public void ARepeatedImageHasOnePicture()
    {
        CropNames names = new([Image("a.jpg"), new ImageFile("./in/a.jpg", "a.jpg", 3)], "out", ".png");
        Assert.That(names.Kept, Is.Empty);
    }

    [TestCase("../a.jpg")]
    [TestCase("../out2/a.jpg")]
    [TestCase("/a.jpg")]
    public void NamesThatLeadOutOfTheFolderHaveNoPictureAndCostNoOtherIts(string name)
    {
        CropNames names = new([Image(name), Image("b.jpg")], "out/", ".png");
        Assert.That(names.Of(Image(name)), Is.Null);
        Assert.That(names.Fault(Image(name)), Does.Contain($"is called '{name}', which is outside out/"));
        Assert.That(names.Fault(Image("b.jpg")), Is.Null);
        Assert.That(names.Of(Image("b.jpg")), Is.EqualTo(Path.GetFullPath("out/b.png")));
    }

    [TestCase("in", "a.png")]
    [TestCase("./in/", "a.jpg", "a.png")]
    public void NoPictureIsWrittenOverAnImage(string folder, params string[] images) =>
        Assert.That(() => new CropNames(images.Select(Image), folder, ".png"),
            Throws.TypeOf<AtlException>().With.Message.Contains(
                "an output would overwrite the image").And.Message.Contains("in/a.png"));

    [Test]
    public void PicturesMayLieBesideTheirImages() =>
        Assert.That(new CropNames([Image("a.jpg")], "in", ".png").Of(Image("a.jpg")),
            Is.EqualTo(Path.GetFullPath("in/a.png")));

    private static ImageFile Image(string name) => new("in/" + name, name);
}
