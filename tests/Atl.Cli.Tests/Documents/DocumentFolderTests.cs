namespace Atl.Cli.Tests.Documents;

public sealed class DocumentFolderTests
{
    [OneTimeSetUp]
    public void NeedBash()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("the commands of documents are run by bash");
    }

    [Test]
    public void ABlockBuildsUponThoseAboveIt()
    {
        DocumentBlock first = Block(3, "echo one > a.txt"), second = Block(9, "cat a.txt; atl --version");
        using DocumentFolder folder = new([first, second]);
        ProgramResult result = folder.Run(second);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output, Does.StartWith("one\natl "));
        File.Delete(Path.Combine(folder.Work, "a.txt"));
        Assert.That(folder.Run(first).ExitCode, Is.Zero);
        Assert.That(File.Exists(Path.Combine(folder.Work, "a.txt")), Is.False, "a block runs once");
    }

    [TestCase("atl lint absent.prototxt", 1, "1 of 1 file cannot be used")]
    [TestCase("atl lint -fxi a.prototxt", 2, "unknown flag '-fxi'")]
    public void TheFailingCommandIsNamedWithLineAndExitCode(string line, int code, string message)
    {
        DocumentBlock block = Block(5, $"true\n{line}   # a comment\necho reached");
        using DocumentFolder folder = new([block]);
        ProgramResult result = folder.Run(block);
        Assert.That(result.ExitCode, Is.EqualTo(code));
        Assert.That(result.Output, Does.Not.Contain("reached"));
        Assert.That(result.Errors, Does.Contain(message));
        Assert.That(result.LastError, Is.EqualTo($"a.md:6: {line}: exit code {code}"));
    }

    [Test]
    public void InputsAreThereUnlessACommandWritesThem()
    {
        DocumentBlock block = Block(2, "ls photos\natl import faces/ -out faces_lmdb\nls faces_lmdb");
        using DocumentFolder folder = new([block]);
        ProgramResult result = folder.Run(block);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output, Does.Contain("a.png").And.Contain("data.mdb"));
    }

    private static DocumentBlock Block(int line, string text) => new("a.md", line, DocumentBlock.Shell, text);
}
