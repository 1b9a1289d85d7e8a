namespace Atl.Cli.Tests.Documents;

public sealed class ShellCommandTests
{
    [TestCase("atl train -solver a.prototxt   # and a comment; with && marks", "atl|train|-solver|a.prototxt")]
    [TestCase("atl verify a -as \"iteration 60000\" 'b c'", "atl|verify|a|-as|iteration 60000|b c")]
    [TestCase("ATL_CIFAR10=FOLDER dotnet run build.cs -- test", "dotnet|run|build.cs|--|test")]
    [TestCase("atl layers > layers.md 2>errors", "atl|layers")]
    [TestCase("atl extract a \\\n  -out b", "atl|extract|a|-out|b")]
    [TestCase("atl run -input data=a.npy a#b", "atl|run|-input|data=a.npy|a#b")]
    public void WordsOfACommand(string line, string words) =>
        Assert.That(string.Join('|', ShellCommand.ReadAll(line, 1).Single().Words), Is.EqualTo(words));

    [Test]
    public void CommandsHaveTheirLines()
    {
        const string Script = "# first\natl layers && atl help\n\natl diff \\\n  a b | cat\nX=1; atl x";
        Assert.That(ShellCommand.ReadAll(Script, 10).Select(command => $"{command.Line} {command}"),
            Is.EqualTo(["11 atl layers", "11 atl help", "13 atl diff a b", "14 cat", "15 atl x"]));
    }

    [Test]
    public void AnOpenQuotationMarkIsNamed() =>
        Assert.That(
            () => _ = ShellCommand.ReadAll("a\natl 'b", 3, "a.md"),
            Throws.TypeOf<FormatException>().With.Message.StartsWith("a.md:4:"));
}
