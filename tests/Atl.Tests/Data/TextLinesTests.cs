using System.Text;
using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Data;

public sealed class TextLinesTests
{
    [TestCase(true)]
    [TestCase(false)]
    public void AByteOrderMarkIsPassedOver(bool mark)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["list.txt"], "a.jpg 1\r\nb.jpg 2\r\n", new UTF8Encoding(mark));
        Assert.That(TextLines.Read(folder["list.txt"], "a list"), Is.EqualTo(["a.jpg 1", "b.jpg 2"]));
        Assert.That(TextLines.Each(folder["list.txt"], "a list"), Is.EqualTo(["a.jpg 1", "b.jpg 2"]));
        Assert.That(new ImageList(folder["list.txt"]).Images[0].Path, Is.EqualTo("a.jpg"));
    }

    [TestCase(1)]
    [TestCase(3)]
    public void AZeroByteIsAnErrorOfItsLine(int line)
    {
        using TemporaryFolder folder = new();
        string[] lines = ["Ann/0001.jpg 1", "Ann/0002.jpg 1", "Ann/0003.jpg 1"];
        lines[line - 1] = "Ann/00\u00003.jpg 1";
        File.WriteAllLines(folder["list.txt"], lines);
        foreach (Action read in new Action[]
            { () => TextLines.Read(folder["list.txt"], "a list"), () => TextLines.Each(folder["list.txt"], "a list")
            .ToArray() })
            Assert.That(() => read(), Throws.TypeOf<AtlException>()
                .With.Message.Contains($"list.txt:{line}: found 'Ann/00\\x003.jpg 1' with a zero byte"));
        Assert.That(TextLines.Each(folder["list.txt"], "a journal", allowZeros: true).Count(), Is.EqualTo(3));
    }

    [Test]
    public void ALineWithoutEndIsAnErrorOfItsLine()
    {
        using TemporaryFolder folder = new();
        string longest = new('x', UserFile.LongestLine);
        File.WriteAllLines(folder["list.txt"], ["a.jpg 1", longest, ""]);
        Assert.That(TextLines.Read(folder["list.txt"], "a list"), Is.EqualTo(["a.jpg 1", longest, ""]));
        File.WriteAllText(folder["list.txt"], "a.jpg 1\r\n" + new string('x', 20_000_000));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => TextLines.Read(folder["list.txt"], "a list"),
            Throws.TypeOf<AtlException>().With.Message.EqualTo(
            $"{folder["list.txt"]}:2: a line of more than 1,048,576 characters, expected a list, with shorter lines"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(32 << 20));
    }

    [Test]
    public void Utf16WithoutAMarkIsNamed()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["list.txt"], "a.jpg 1\nb.jpg 2\n",
            new UnicodeEncoding(bigEndian: false, byteOrderMark: false));
        foreach (Action read in new Action[]
            { () => TextLines.Read(folder["list.txt"], "a list"), () => TextLines.Each(folder["list.txt"], "a list")
            .ToArray() })
            Assert.That(() => read(),
                Throws.TypeOf<AtlException>().With.Message.Contains("text in UTF-16").And.Message.Contains(
                    "save it as UTF-8"));
    }
}
