namespace Atl.Cli.Tests.Documents;

public sealed class UnrunCommandsTests
{
    [TestCase("native/caffe/install.sh /path/to/caffe --dry-run", "need a Caffe tree")]
    [TestCase("LD_PRELOAD=build/caffe/libatl_caffe.so caffe train -solver x", "need a Caffe tree")]
    [TestCase("atl train -solver x -gpu 0", "need a GPU")]
    [TestCase("atl demo", "train for minutes")]
    [TestCase("dotnet run build.cs -- test", "build the repository or run all of its tests")]
    [TestCase("atl train -solver x", null)]
    [TestCase("examples/orl/run.sh ORL", null)]
    public void OnlyWhatCannotBeRunHasAReason(string line, string? reason)
    {
        Assert.That(UnrunCommands.Reason(ShellCommand.ReadAll(line, 1).Single()), Is.EqualTo(reason));
        DocumentBlock block = new("a.md", 2, DocumentBlock.Shell, $"{line}\natl layers");
        Assert.That(UnrunCommands.Reason(block), Is.EqualTo(reason));
    }
}
