using Atl.Face.Verification;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Face.Tests.Verification;

[TestFixture]
public sealed class IdentitiesTests : FolderFixture
{
    [TestCase("data/ann/1.jpg", "data/bo/1.jpg", "ann", "bo")]
    [TestCase("ann/day1/1.jpg", "bo/day1/1.jpg", "ann", "bo")]
    [TestCase("data/ann/1.jpg", "data/ann/2.jpg", "ann", "ann")]
    [TestCase(@".\ann\1.jpg", @".\bo\1.jpg", "ann", "bo")]
    public void TheFirstFolderThatTellsImagesApart(string a, string b, string ofA, string ofB) =>
        Assert.That(Identities.ByFolder(new ImageNames([a, b])), Is.EqualTo([ofA, ofB]));

    [Test]
    public void ANameWithoutAFolderOrNumberIsRefused()
    {
        Assert.That(() => Identities.ByFolder(new ImageNames(["ann/1.jpg", "2.jpg"])),
            Throws.InstanceOf<AtlException>().With.Message.Contains("'2.jpg' has no identity folder"));
        Assert.That(() => Identities.ByLfwName(new ImageNames(["Ann_Li_0001.jpg", "2.jpg"])),
            Throws.InstanceOf<AtlException>().With.Message.Contains("'2.jpg' is not named as in LFW"));
        Assert.That(Identities.ByLfwName(new ImageNames(["x/Ann_Li_0001.jpg"])), Is.EqualTo(["Ann_Li"]));
    }

    [TestCase("ann\nbo\nann\n")]
    [TestCase("a.jpg\tann\nb.jpg\tbo\n\nc.jpg\tann\n")]
    [TestCase("c.jpg ann\na.jpg ann\nb.jpg bo\nother.jpg zoe\n")]
    public void LabelsStandInOrderOrBehindNames(string text) =>
    Assert.That(ReadLabels(text), Is.EqualTo(["ann", "bo", "ann"]));

    [Test]
    public void BehindATabALabelMayHoldBlanks() =>
        Assert.That(ReadLabels("a.jpg\tAnn Bee\nb.jpg\tBo\nc.jpg\tAnn Bee\n"),
            Is.EqualTo(["Ann Bee", "Bo", "Ann Bee"]));

    [TestCase("x.jpg 1\ny.jpg 2\n",
        "labels.txt: none of its 2 images has a feature: looked for 'x.jpg' (line 1), the features are called 'a.jpg', "
        + "…")]
    [TestCase("a.jpg 1\n", "2 of 3 images have no label (b.jpg, c.jpg)")]
    [TestCase("a.jpg 1\nb.jpg 2\nc.jpg 3\na.jpg 4\n", "labels.txt:4: 'a.jpg' has label 4, an earlier line has 1")]
    [TestCase("1\n2\n",
    "labels.txt:1: found '1', expected a name, a space and a label (or 3 lines of a label each, found 2 lines)")]
    public void LabelsThatDoNotFitAreNamed(string text, string message) =>
        Assert.That(() => ReadLabels(text), Throws.InstanceOf<AtlException>().With.Message.Contains(message));

    [Test]
    public void AListOfNamesMayHaveLabels()
    {
        File.WriteAllText(_folder["names.txt"], "a 1.jpg 7\nb.jpg 8\n");
        ImageNames names = ImageNames.Read(_folder["names.txt"], 2, "f.npy");
        Assert.That((names[0], names[1]), Is.EqualTo(("a 1.jpg", "b.jpg")));
        Assert.That(names.Labels, Is.EqualTo(["7", "8"]));
        Assert.That(() => ImageNames.Read(_folder["names.txt"], 3, "f.npy"),
            Throws.InstanceOf<AtlException>().With.Message.Contains("2 names, expected 3: one for each row of f.npy"));
    }

    [Test]
    public void LabelsOfImagesWithoutFeaturesAreTold()
    {
        File.WriteAllText(_folder["labels.txt"], "a.jpg 1\n\nabsent.jpg 2\nb.jpg 1\n");
        List<(int Line, string Name)> absent = [];
        Assert.That(Identities.Read(_folder["labels.txt"], new ImageNames(["a.jpg", "b.jpg"]),
            (line, name) => absent.Add((line, name))),
            Is.EqualTo(["1", "1"]));
        Assert.That(absent, Is.EqualTo([(3, "absent.jpg")]));
    }

    private string[] ReadLabels(string text)
    {
        File.WriteAllText(_folder["labels.txt"], text);
        return Identities.Read(_folder["labels.txt"], new ImageNames(["a.jpg", "b.jpg", "c.jpg"]));
    }
}
