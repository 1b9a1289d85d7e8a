using Atl.Face.Verification;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Face.Tests.Verification;

/// <summary>Lists of names beside features.</summary>
public sealed class ImageNamesTests : FolderFixture
{
    [TestCase("a.jpg 1\nb c.jpg\t-2\n\nd.jpg 3\n", "1,-2,3", "a.jpg,b c.jpg,d.jpg")]
    [TestCase("a.jpg\nb c.jpg\nd 3\n", null, "a.jpg,b c.jpg,d 3")]
    public void LabelsAreThoseOfAllLines(string text, string? labels, string names)
    {
        ImageNames read = Read(text);
        Assert.That(read.Labels is null ? null : string.Join(',', read.Labels), Is.EqualTo(labels));
        Assert.That(string.Join(',', Enumerable.Range(0, read.Count).Select(row => read[row])), Is.EqualTo(names));
    }

    [TestCase("a.jpg 1\n\nb.jpg 1x\nd.jpg 3\n",
        "names.txt:3: found 'b.jpg 1x', expected a path, a space and a whole number, as 2 other lines have")]
    [TestCase("a.jpg 1\nb.jpg 2\nd.jpg\n", "names.txt:3: found 'd.jpg'")]
    [TestCase("path label\nb.jpg 2\nd.jpg 3\n", "names.txt:1: found 'path label'")]
    public void OneOddLabelIsNamed(string text, string message) =>
        Assert.That(() => Read(text), Throws.TypeOf<AtlException>().With.Message.Contains(message));

    private ImageNames Read(string text)
    {
        File.WriteAllText(_folder["names.txt"], text);
        return ImageNames.Read(_folder["names.txt"], 3, "features.npy");
    }
}
