using Atl.TestSupport;

namespace Atl.Cli.Tests;

/// <summary>What .editorconfig asks of editors, seen to: lines that fit beside one another on a screen.</summary>
public sealed class LineLengthTests
{
    private const int Most = 120, MostOfStrings = 160;

    private static readonly string[] Folders = ["managed", "native", "proto", "tests", "docs", "examples"];
    private static readonly string[] Extensions = [".cs", ".h", ".hpp", ".cpp", ".cu", ".cuh", ".proto", ".md"];
    private static readonly string[] Built = ["bin", "obj"];

    [Test]
    public void NoLineIsLongerThanAScreenIsWide()
    {
        string root = TestData.RepositoryRoot;
        List<string> tooLong = [];
        int files = 0;
        foreach (string file in Folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*",
            SearchOption.AllDirectories)))
        {
            string name = Path.GetRelativePath(root, file).Replace('\\', '/');
            if (!Extensions.Contains(Path.GetExtension(name)) || name.Split('/').Any(Built.Contains)) continue;
            files++;
            foreach ((int line, string text) in File.ReadLines(file).Index())
                if (text.Length > Most && !MayBeLonger(name, text, File.ReadLines(file).Take(line)))
                    tooLong.Add($"{name}:{line + 1}: {text.Length} characters");
        }
        Assert.That(files, Is.GreaterThan(500), "the sources are where they are looked for");
        Assert.That(tooLong, Is.Empty, $"expected {Most} at most");
    }

    // A row of a table and an address cannot be broken, nor can a line of a string; the reference of layers is
    // generated, a paragraph a line.
    private static bool MayBeLonger(string file, string text, IEnumerable<string> before) =>
        file == "docs/layers.md" || text.Contains("://", StringComparison.Ordinal)
        || (file.EndsWith(".md", StringComparison.Ordinal) && text.TrimStart() is ['|', ..] or ['{', ..])
        || (file.EndsWith(".md", StringComparison.Ordinal) && before.Count(IsFence) % 2 == 1)
        || (file.EndsWith(".cs", StringComparison.Ordinal) && text.Length <= MostOfStrings && IsInString(text, before));

    private static bool IsFence(string line) => line.TrimStart().StartsWith("```", StringComparison.Ordinal);

    // Whether the last place that a line may have lies in a string: one of a line, or one of several that began above.
    private static bool IsInString(string text, IEnumerable<string> before)
    {
        string start = text[..Most];
        if ((before.Sum(RawQuotes) + RawQuotes(start)) % 2 == 1) return true;
        if (!text.Contains("@\"", StringComparison.Ordinal))
            start = start.Replace("\\\\", "", StringComparison.Ordinal).Replace("\\\"", "", StringComparison.Ordinal);
        return start.Count(c => c == '"') % 2 == 1;
    }

    private static int RawQuotes(string line) => line.Split("\"\"\"").Length - 1;
}
