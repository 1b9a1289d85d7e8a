using System.Text;
using Atl.TestSupport;

namespace Atl.Proto.Tests.Files;

/// <summary>What downloads leave in place of a prototxt or of weights is named.</summary>
public sealed class StrayFilesTests
{
    [TestCase("<!DOCTYPE html>\n<html>", "a web page (HTML; take the link to the raw file)")]
    [TestCase("\uFEFF \r\n<HTML lang='en'>", "a web page (HTML; take the link to the raw file)")]
    [TestCase("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n",
    "a pointer of Git LFS ('git lfs pull' fetches the file itself)")]
    [TestCase("PK\u0003\u0004rest", "a ZIP archive (unpack it)")]
    public void AreNamed(string content, string name)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["f"], content);
        Says(folder["f"], name);
    }

    [Test]
    public void GzipIsNamed()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["f"], [0x1F, 0x8B, 8, 0, 0, 0]);
        Says(folder["f"], "a gzip archive (unpack it)");
    }

    [Test]
    public void NetsAreNone() =>
        Assert.That(StrayFiles.Describe(Encoding.UTF8.GetBytes("version: 1")), Is.Null);

    private static void Says(string path, string name)
    {
        string start = $"{path}: {name}, expected ";
        Assert.That(Assert.Throws<AtlException>(() => ProtoFiles.ReadNet(path))!.Message, Does.StartWith(start));
        Assert.That(Assert.Throws<AtlException>(() => ProtoFiles.ReadSolver(path))!.Message, Does.StartWith(start));
        Assert.That(Assert.Throws<AtlException>(() => ProtoFiles.ReadNetBinary(path))!.Message, Does.StartWith(start));
    }
}
