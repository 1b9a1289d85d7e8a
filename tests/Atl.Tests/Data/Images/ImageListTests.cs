using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Data;

public sealed class ImageListTests : FolderFixture
{
    [TestCase("a b.png 3\nc.png\t4.0\n", 1, "a b.png:3|c.png:4")]
    [TestCase("a b.png 3 0.5\nc.png 4 1\n", 2, "a b.png:3,0.5|c.png:4,1")]
    [TestCase("0\t3.000000\ta b.png\n1\t4\tc.png\n", 1, "a b.png:3|c.png:4")]
    [TestCase("0\t3\t0.5\ta b.png\n1\t4\t1\tc.png\n", 2, "a b.png:3,0.5|c.png:4,1")]
    [TestCase("1\ta b.png\t3\n1\tc.png\t4\r\n", 1, "a b.png:3|c.png:4")]
    public void LinesOfCaffesAndOfIm2RecsListsAreRead(string text, int labels, string expected)
    {
        IEnumerable<string> images = Read(text, labels).Images
            .Select(image =>
                FormattableString.Invariant($"{image.Path}:{string.Join(',', image.Labels.Select(Text))}"));
        Assert.That(string.Join('|', images), Is.EqualTo(expected));
    }

    [TestCase("a.png 1\nb.png 11x\n", "list.txt:2: found 'b.png 11x', expected a path, a space, and a label")]
    [TestCase("path label\na.png 1\n", "list.txt:1: found 'path label'")]
    [TestCase("0\t3\ta.png\n1\t3x\tb.png\n", "list.txt:2: found '1\\t3x\\tb.png'")]
    public void ALineThatDoesNotFitIsNamed(string text, string message) =>
        Assert.That(() => Read(text, 1), Throws.TypeOf<AtlException>().With.Message.Contains(message));

    [Test]
    public void LargeLabelsKeepAllTheirDigits() =>
        Assert.That(Read("a.png 16777217\n0\t16777219\tb.png\n", 1).Images.Select(image => image.Labels[0]),
            Is.EqualTo([16777217.0, 16777219]));

    [TestCase("3", 3)]
    [TestCase("3.0", 3)]
    [TestCase("0.000000", 0)]
    [TestCase("2147483646", int.MaxValue - 1)]
    [TestCase("2147483647", null)]
    [TestCase("-1", null)]
    [TestCase("2.5", null)]
    [TestCase("11x", null)]
    [TestCase("0,", null)]
    [TestCase("1e3", null)]
    [TestCase("nan", null)]
    [TestCase("", null)]
    public void LabelsAreWholeNumbersFromZero(string text, int? expected) =>
        Assert.That(LabelText.TryParse(text, out int label) ? label : (int?)null, Is.EqualTo(expected));

    private static string Text(double label) => label.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private ImageList Read(string text, int labels)
    {
        File.WriteAllText(_folder["list.txt"], text);
        return new ImageList(_folder["list.txt"], labels);
    }
}
