using Atl.Face.Datasets;
using Atl.TestSupport;

namespace Atl.Face.Tests.Datasets;

[TestFixture]
public sealed class OrlFacesTests
{
    [Test]
    public void ReadsAndSplitsByPerson()
    {
        OrlFaces set = OrlFaces.Read(TestData.Require("faces", "orl"));
        Assert.That(set.Train, Has.Count.EqualTo(300));
        Assert.That(set.Verify, Has.Count.EqualTo(100));
        Assert.That(set.Train.Select(s => s.Label).Distinct(), Is.EqualTo(Enumerable.Range(0, 30)));
        Assert.That(set.Verify.Select(s => s.Label).Distinct(), Is.EqualTo(Enumerable.Range(0, 10)));
        Assert.That(set.Train[0], Has.Property(nameof(FaceSample.Height))
            .EqualTo(112).And.Property(nameof(FaceSample.Width)).EqualTo(92));

        // A PGM's pixels are its last bytes: person 2 (not 10 or 11) follows person 1, image 2 follows image 1.
        byte[] file = File.ReadAllBytes(TestData.Require("faces", "orl", "s2", "2.pgm"));
        Assert.That(set.Train[11].Pixels, Is.EqualTo(file[^(92 * 112)..]));
    }

    [Test]
    public void BadSetsAreNamed()
    {
        string folder = Directory.CreateTempSubdirectory("orl").FullName;
        try
        {
            WritePgm("s1", "1.pgm", 4, 5);
            Assert.That(() => OrlFaces.Read(folder, 1),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("has 1 identity"));
            WritePgm("s2", "1.pgm", 5, 5);
            Assert.That(() => OrlFaces.Read(folder, 1),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("5×5").And.Message.Contains("4×5"));
            File.WriteAllText(Path.Combine(folder, "s2", "1.pgm"), "no picture");
            Assert.That(() => OrlFaces.Read(folder, 1),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("1.pgm cannot be decoded"));
            Assert.That(() => OrlFaces.Read(Path.Combine(folder, "none")), Throws.TypeOf<DirectoryNotFoundException>());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void WritePgm(string person, string name, int width, int height)
        {
            Directory.CreateDirectory(Path.Combine(folder, person));
            byte[] header = System.Text.Encoding.ASCII.GetBytes($"P5\n{width} {height}\n255\n");
            File.WriteAllBytes(Path.Combine(folder, person, name), [.. header, .. new byte[width * height]]);
        }
    }
}
