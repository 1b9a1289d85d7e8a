namespace Atl.Cli.Tests.Documents;

public sealed class RepositoryDocumentsTests
{
    private const string Text = """
        # Title

        Use `atl layers`, or `atl summary
        NET`.

        ```sh
        atl layers   # all
        atl help
        ```

        1. A list:

           ```
           {"a": `no span`}
             deeper
           ```

        A last `word`.
        """;

    [Test]
    public void BlocksHaveTheirLineAndInfo()
    {
        DocumentBlock[] blocks = [.. RepositoryDocuments.ReadBlocks("a.md", Text)];
        Assert.That(blocks, Has.Length.EqualTo(2));
        Assert.That(blocks[0], Is.EqualTo(new DocumentBlock("a.md", 7, "sh", "atl layers   # all\natl help\n")));
        Assert.That(blocks[1], Is.EqualTo(new DocumentBlock("a.md", 14, "", "{\"a\": `no span`}\n  deeper\n")));
        Assert.That(blocks[1].Place, Is.EqualTo("a.md:14"));
    }

    [Test]
    public void SpansAreThoseOfTheProse() => Assert.That(RepositoryDocuments.ReadSpans(Text),
        Is.EqualTo([(3, "atl layers"), (3, "atl summary NET"), (18, "word")]));

    [Test]
    public void EveryCommandsHelpHasExamples()
    {
        DocumentBlock diff = RepositoryDocuments.Help.Single(block => block.Document == "help diff");
        Assert.That(diff.Text, Does.StartWith("atl diff "));
        Assert.That(RepositoryDocuments.Help.Where(block => block.Commands.Count == 0), Is.Empty);
    }

    [Test]
    public void TheDocumentsAreFound() =>
        Assert.That(RepositoryDocuments.Files, Is.SupersetOf(["README.md", "docs/faces.md", "examples/atl/README.md"]));
}
