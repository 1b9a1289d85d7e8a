namespace Atl.Proto.Tests.Files;

/// <summary>Paths and messages with control characters, as single backslashes in a prototxt make them.</summary>
public sealed class PathTextTests
{
    [TestCase("data\new\train.txt", @"data\new\train.txt")]
    [TestCase("a\a\b\f\r\v\u0001\u007f", @"a\a\b\f\r\v\x01\x7f")]
    [TestCase("C:/ö/层.txt", "C:/ö/层.txt")]
    public void ControlCharactersAreShownAsEscapes(string path, string shown) =>
    Assert.That(PathText.Show(path), Is.EqualTo(shown));

    [Test]
    public void ExceptionsShowThemButKeepTheirLines() =>
        Assert.That(new AtlException("one\ttwo\nthree").Message, Is.EqualTo("one\\ttwo\nthree"));

    [Test]
    [Platform("Unix")]
    public void AHintIsGivenForWindowsSeparatorsElsewhere() =>
        Assert.That(PathText.Hint(@"models\net.prototxt"), Is.EqualTo(@"; write / for each \ of a path here"));

    [TestCase("a\tb", @"write / or \\ for each \")]
    [TestCase("a/b", "")]
    public void AHintIsGivenForPathsWithControlCharacters(string path, string hint)
    {
        Assert.That(PathText.Hint(path), hint.Length > 0 ? Does.Contain(hint) : Is.Empty);
        AtlException error = Assert.Throws<AtlException>(() => UserFile.ReadAll(path, "a list"))!;
        Assert.That(error.Message,
            Is.EqualTo($"{PathText.Show(path)}: no such file, expected a list{PathText.Hint(path)}"));
        Assert.That(Assert.Throws<AtlException>(() => ProtoFiles.ReadBlob(path))!.Message,
            Does.EndWith(PathText.Hint(path)));
    }
}
