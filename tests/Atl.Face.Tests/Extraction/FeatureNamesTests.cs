using Atl.Face.Extraction;
using Atl.Face.Verification;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Face.Tests.Extraction;

/// <summary>The names beside features are read back as they were.</summary>
public class FeatureNamesTests : FolderFixture
{
    private static readonly string[] Odd =
        ["a.jpg", "tab\t1", "line\nend", " blank ", "\"quoted\"", "back\\slash", "scan 12", "\uFEFFmark", "#1", "-x",
        "\r"];

    [Test]
    public void WithoutLabels()
    {
        Write(Odd.Select(name => new FeatureName(name, null)));
        Assert.That(Read(Odd.Length, out ImageNames read), Is.EqualTo(Odd));
        Assert.That(read.Labels, Is.Null);
    }

    [Test]
    public void NumbersBehindBlanksAreNoLabels()
    {
        Write([new FeatureName("scan 1", null), new FeatureName("scan 2", null)]);
        Assert.That(Read(2, out ImageNames read), Is.EqualTo(["scan 1", "scan 2"]));
        Assert.That(read.Labels, Is.Null);
    }

    [Test]
    public void WithLabels()
    {
        Write(Odd.Select((name, i) => new FeatureName(name, i)));
        Assert.That(Read(Odd.Length, out ImageNames read), Is.EqualTo(Odd));
        Assert.That(read.Labels, Is.EqualTo(Enumerable.Range(0, Odd.Length).Select(i => $"{i}")));
    }

    [Test]
    public void PairsFindQuotedNames()
    {
        ImageNames names = new(["a\tb", "c"]);
        File.WriteAllText(_folder["pairs.txt"], "\"a\\tb\"\tc\t1\n");
        Assert.That(PairFile.Read(_folder["pairs.txt"], names).Absent, Is.Empty);
    }

    private void Write(IEnumerable<FeatureName> names)
    {
        using StagedFile file = FeatureNames.Write(_folder["f.npy"], names);
        file.TakeName();
    }

    private string[] Read(int rows, out ImageNames names)
    {
        ImageNames read = names = ImageNames.Read(_folder["f.txt"], rows, "f.npy");
        return [.. Enumerable.Range(0, rows).Select(row => read[row])];
    }
}
