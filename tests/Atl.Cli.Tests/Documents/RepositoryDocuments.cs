using System.Text.RegularExpressions;
using Atl.Cli.CommandLine;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Documents;

/// <summary>
/// The documents that users read: the repository's Markdown files, and the examples of <c>atl help</c>.
/// </summary>
internal static partial class RepositoryDocuments
{
    private static readonly string[] Folders = ["docs", "examples"];

    /// <summary>The paths of the Markdown files below the repository, with slashes.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. Directory.GetFiles(TestData.RepositoryRoot, "*.md")
            .Concat(Folders.SelectMany(folder =>
                Directory.GetFiles(Path.Combine(TestData.RepositoryRoot, folder), "*.md", SearchOption.AllDirectories)))
            .Select(file => Path.GetRelativePath(TestData.RepositoryRoot, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The fenced blocks of all Markdown files.</summary>
    public static IReadOnlyList<DocumentBlock> Blocks { get; } =
        [.. Files.SelectMany(file => ReadBlocks(file, Text(file)))];

    /// <summary>The examples of every command's help.</summary>
    public static IReadOnlyList<DocumentBlock> Help { get; } = [.. Application.Commands.Select(Examples)];

    /// <summary>All that a user is told to run.</summary>
    public static IEnumerable<DocumentBlock> Scripts =>
        Blocks.Where(block => block.Info == DocumentBlock.Shell).Concat(Help);

    /// <summary>The text of a Markdown file.</summary>
    public static string Text(string file) => File.ReadAllText(Path.Combine(TestData.RepositoryRoot, file));

    /// <summary>The fenced blocks of a document.</summary>
    public static IEnumerable<DocumentBlock> ReadBlocks(string document, string text)
    {
        foreach (Match fence in Fences().Matches(text))
        {
            int indentation = fence.Groups["indentation"].Length;
            IEnumerable<string> lines = fence.Groups["text"].Value.Split('\n')
                .Select(line => line[Math.Min(indentation, line.Length - line.TrimStart().Length)..]);
            int line = LineOf(text, fence.Groups["text"].Index);
            yield return new DocumentBlock(document, line, fence.Groups["info"].Value.Trim(), string.Join('\n', lines));
        }
    }

    /// <summary>The text outside of fenced blocks and backticks.</summary>
    public static string Prose(string text) => Spans().Replace(WithoutBlocks(text), "``");

    /// <summary>What stands between backticks outside of fenced blocks, with its line.</summary>
    public static IEnumerable<(int Line, string Text)> ReadSpans(string text)
    {
        string prose = WithoutBlocks(text);
        return Spans().Matches(prose)
            .Select(span => (LineOf(prose, span.Index), span.Groups[1].Value.Replace('\n', ' ')));
    }

    private static string WithoutBlocks(string text) =>
        Fences().Replace(text, fence => new string('\n', fence.Value.Count(c => c == '\n')));

    private static DocumentBlock Examples(Command command)
    {
        string[] lines = Cli.CommandLine.Help.Of(command).Split('\n');
        int first = Array.IndexOf(lines, "examples:") + 1;
        // Under each command line stands, further in, what it does.
        IEnumerable<string> commands = lines.Skip(first).TakeWhile(line => line.StartsWith(' '))
            .Select(line => line.StartsWith("   ", StringComparison.Ordinal) ? "" : line[2..]);
        return new DocumentBlock($"help {command.Name}", first + 1, DocumentBlock.Shell, string.Join('\n', commands));
    }

    private static int LineOf(string text, int index) => 1 + text.AsSpan(0, index).Count('\n');

    [GeneratedRegex(
        @"^(?<indentation> *)```(?<info>[^`\n]*)\n(?<text>.*?)(?<=\n) *```[ ]*$",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    // A span may go on in the next line, but not beyond its paragraph.
    [GeneratedRegex(@"(?<!`)`((?:[^`\n]|\n(?!\s*\n))+)`(?!`)")]
    private static partial Regex Spans();
}
