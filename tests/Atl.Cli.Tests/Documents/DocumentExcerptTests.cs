using Atl.TestSupport;

namespace Atl.Cli.Tests.Documents;

/// <summary>Code in documents whose fence names a file, as in <c>```csharp managed/Atl/…</c>: it is that file's
/// text.</summary>
public sealed class DocumentExcerptTests
{
    private static IEnumerable<DocumentBlock> Excerpts => RepositoryDocuments.Blocks.Where(IsExcerpt);

    [TestCaseSource(nameof(Excerpts))]
    public void AnExcerptIsTheFilesText(object excerpt)
    {
        DocumentBlock block = (DocumentBlock)excerpt;
        Assert.That(Unindented(File.ReadAllText(Path.Combine(TestData.RepositoryRoot, FileOf(block)))),
            Does.Contain(Unindented(block.Text)));
    }

    [TestCase("docs/library.md")]
    [TestCase("docs/face-recognition.md")]
    public void CSharpOfTheLibraryIsAlwaysAnExcerpt(string document) => Assert.That(
        RepositoryDocuments.Blocks.Where(block => block.Document == document
            && block.Info.StartsWith("csharp", StringComparison.Ordinal)),
        Is.Not.Empty.And.All.Matches<DocumentBlock>(IsExcerpt));

    internal static bool IsExcerpt(DocumentBlock block) => block.Info.Contains(' ');

    internal static string FileOf(DocumentBlock block) => block.Info.Split(' ')[1];

    // A method's body stands further right in its file.
    private static string Unindented(string text) =>
        string.Join('\n', text.TrimEnd().Split('\n').Select(line => line.Trim()));
}
