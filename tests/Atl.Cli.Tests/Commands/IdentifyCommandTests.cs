using Atl.Data;
using Atl.Face.Identification;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Commands;

/// <summary>identify as a user calls it.</summary>
public sealed class IdentifyCommandTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        // The second image of bo is nearer to ann's first; cy has one image.
        Write("f.npy", [0, 10, 80, 30, 200]);
        File.WriteAllLines(_folder["f.txt"], ["t/ann/1.jpg", "t/ann/2.jpg", "t/bo/1.jpg", "t/bo/2.jpg", "t/cy/1.jpg"]);
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void TheFirstImageOfEachPersonIsTheGallery()
    {
        ProgramResult closed = Run("identify", "f.npy", "-ranks", "1,2");
        Assert.That(closed.ExitCode, Is.Zero, closed.Errors);
        Assert.That(closed.Output,
            Does.Contain("gallery: 3 images of 3 identities from f.npy").And.Contain(
                "probes: 2 images from f.npy, 2 of identities in the gallery, 0 of others"));
        Assert.That(closed.Output,
            Does.Match(@"rank 1 +50\.00 %").And.Match(@"rank 2 +100\.00 %").And.Match(
                "TPIR@FPIR +needs probes of identities not in the gallery"));

        ProgramResult open = Run("identify", "f.npy", "-singles", "probes", "-fpir", "1,0.1", "-json", "out.json");
        Assert.That(open.ExitCode, Is.Zero, open.Errors);
        IdentificationRecord record = IdentificationRecord.Read(_folder["out.json"]);
        Assert.That((record.Gallery.Images, record.Gallery.People, record.Probes.Images, record.Known, record.Unknown),
            Is.EqualTo((2, 2, 3, 2, 1)));
        Assert.That(record.Cmc.Take(2), Is.EqualTo([new CmcPoint(1, 0.5), new CmcPoint(5, 1)]));
        Assert.That(record.TpirAtFpir,
            Is.EqualTo([new TpirRecord(1, 0.5, null, 1, 1, 1), new TpirRecord(0.1, null, null, null, 1, 10)]));
        Assert.That(record.Issues, Is.Empty);
    }

    [Test]
    public void AGalleryOfItsOwnOrByAList()
    {
        File.WriteAllLines(_folder["g.txt"], ["ann/1.jpg", "bo/1", "dan/1.jpg"]);
        ProgramResult listed = Run("identify", "f.npy", "-gallery_list", "g.txt", "-json", "list.json");
        Assert.That(listed.ExitCode, Is.EqualTo(3), listed.Errors);
        Assert.That(listed.Errors,
            Does.Contain("noticed: images of the gallery's list have no feature (1): dan/1.jpg (line 3)"));
        Write("g.npy", [0, 80]);
        File.WriteAllLines(_folder["g.txt"], ["g/ann/1.jpg", "g/bo/9.jpg"]);
        Write("p.npy", [10, 30, 200]);
        File.WriteAllLines(_folder["p.txt"], ["t/ann/2.jpg", "t/bo/2.jpg", "t/cy/1.jpg"]);
        ProgramResult own = Run("identify", "p.npy", "-gallery", "g.npy", "-json", "own.json");
        Assert.That(own.ExitCode, Is.Zero, own.Errors);
        IdentificationRecord one = IdentificationRecord.Read(_folder["list.json"]),
            two = IdentificationRecord.Read(_folder["own.json"]);
        Assert.That((two.Known, two.Unknown), Is.EqualTo((2, 1)).And.EqualTo((one.Known, one.Unknown)));
        Assert.That(two.Cmc, Is.EqualTo(one.Cmc));
    }

    [Test]
    public void WhatCannotBeTakenIsListed()
    {
        Write("f.npy", [0, double.NaN, 80, 30, 200]);
        ProgramResult result = Run("identify", "f.npy");
        Assert.That(result.ExitCode, Is.EqualTo(3), result.Errors);
        Assert.That(result.Errors,
            Does.Contain("noticed: probes have a feature that is zero or not finite: known ones count as not "
                + "found (1): t/ann/2.jpg"));
        Assert.That(result.Output, Does.Contain("2 of identities in the gallery").And.Match(@"rank 1 +0\.00 %"));
    }

    [TestCase(2, "identify takes -gallery FEATURES or -gallery_list FILE, not both", "f.npy", "-gallery", "f.npy",
        "-gallery_list", "f.txt")]
    [TestCase(2, "-gallery_names and -gallery_labels go with -gallery", "f.npy", "-gallery_names", "f.txt")]
    [TestCase(2, "flag '-ranks' is '0', expected positive numbers", "f.npy", "-ranks", "0")]
    [TestCase(1, "none.npy: no such file", "none.npy")]
    [TestCase(1, "images has a feature: looked for '", "f.npy", "-gallery_list", "other.txt")]
    [TestCase(1, "no identity of 2 probes is in the gallery of 1 identity", "x.npy", "-gallery", "cy.npy")]
    [TestCase(1, "x.npy: features of 2 values, expected 3 as in wide.npy", "x.npy", "-gallery", "wide.npy",
    "-gallery_labels", "one.txt")]
    [TestCase(1, "image '0' has no identity folder", "unnamed.npy")]
    public void WhatIsWrongIsExplained(int code, string message, params string[] arguments)
    {
        File.WriteAllText(_folder["other.txt"], "dan/1.jpg\n");
        Write("x.npy", [0, 10]);
        File.WriteAllLines(_folder["x.txt"], ["t/ann/1.jpg", "t/bo/1.jpg"]);
        Write("cy.npy", [0]);
        File.WriteAllLines(_folder["cy.txt"], ["t/cy/1.jpg"]);
        Write("unnamed.npy", [0, 1]);
        NpyFile.Write(_folder["wide.npy"], new Tensor(new Shape(1, 3)));
        File.WriteAllText(_folder["one.txt"], "ann\n");
        ProgramResult result = Run(["identify", .. arguments]);
        Assert.That(result.ExitCode, Is.EqualTo(code), result.Errors);
        Assert.That(result.LastError, Does.Contain(message).And.Not.Contain("error of the program"));
    }

    private void Write(string name, double[] degrees)
    {
        Tensor tensor = new(new Shape(degrees.Length, 2));
        tensor.CopyFrom([.. degrees.SelectMany(
            d => new[] { (float)Math.Cos(d * Math.PI / 180), (float)Math.Sin(d * Math.PI / 180) })]);
        NpyFile.Write(_folder[name], tensor);
    }

    private ProgramResult Run(params string[] arguments) => AtlProgram.Run(_folder.FullName, arguments);
}
