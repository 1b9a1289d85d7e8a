using System.Text.RegularExpressions;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Documents;

/// <summary>docs/adding-a-layer.md against the files of the layer that it adds.</summary>
public sealed partial class AddingALayerTests
{
    private const string Document = "docs/adding-a-layer.md";

    private static readonly string[] Folders = ["managed", "native", "proto", "tests"];

    [Test]
    public void EveryFileOfTheTableHasAnExcerpt() =>
        Assert.That(RepositoryDocuments.Blocks
            .Where(block => block.Document == Document && DocumentExcerptTests.IsExcerpt(block))
            .Select(DocumentExcerptTests.FileOf).Distinct(), Is.EquivalentTo(Listed()));

    // So the table is all that a layer touches: no other file that is written by hand knows the layer.
    [Test]
    public void OnlyTheFilesOfTheTableNameTheLayer()
    {
        IEnumerable<string> files = Folders.SelectMany(folder =>
                Directory.EnumerateFiles(PathOf(folder), "*", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(TestData.RepositoryRoot, file).Replace('\\', '/'))
            .Where(file => !BuildOutput().IsMatch(file) && Source().IsMatch(file)
                && !file.EndsWith($"/{nameof(AddingALayerTests)}.cs", StringComparison.Ordinal));
        Assert.That(files.Where(file => Layer().IsMatch(File.ReadAllText(PathOf(file)))), Is.EquivalentTo(Listed()));
    }

    [Test]
    public void ALayerTakesFiveManagedFilesInThreeFoldersAndFourNativeOnes()
    {
        string[] managed = [.. Listed().Where(file => file.EndsWith(".cs", StringComparison.Ordinal))];
        Assert.Multiple(() =>
        {
            Assert.That(managed, Has.Length.LessThanOrEqualTo(5));
            Assert.That(managed.Select(Path.GetDirectoryName).Distinct().Count(), Is.LessThanOrEqualTo(3));
            Assert.That(Listed().Except(managed).Count(), Is.LessThanOrEqualTo(4));
        });
    }

    private static IReadOnlyList<string> Listed() =>
        [.. TableRow().Matches(RepositoryDocuments.Text(Document)).Select(row => row.Groups[1].Value)];

    private static string PathOf(string file) => Path.Combine(TestData.RepositoryRoot, file);

    [GeneratedRegex(@"^\| `([\w./]+/[\w.]+)` \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex("MaxFeatureMap|max_feature_map")]
    private static partial Regex Layer();

    [GeneratedRegex("/(bin|obj|build)/")]
    private static partial Regex BuildOutput();

    // What is written by hand: *.g.cs files are generated.
    [GeneratedRegex(@"(?<!\.g)\.(cs|csproj|props|targets|c|cc|cpp|h|hpp|cu|cuh|cmake|txt|tsv|proto|sh)$")]
    private static partial Regex Source();
}
