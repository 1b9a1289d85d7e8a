using System.Text.RegularExpressions;

namespace Atl.Cli.Tests.Documents;

/// <summary>
/// Every command that the documents and the help show runs as it stands there, in a folder with the files that it
/// names.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class DocumentCommandsTests
{
    private const int MostUnrunBlocks = 10;
    private const int LinesOfErrors = 25;

    // What a command says by its exit code where it did what it should.
    private static readonly Dictionary<string, int> ExitCodes = new() { ["help diff"] = 1 };


    // What documents show to say how a wrong command line ends.
    private static readonly string[] ShownAsWrong = ["atl train -solvr good.prototxt"];

    private static readonly Dictionary<string, Lazy<DocumentFolder>> Folders = RepositoryDocuments.Scripts
        .Where(block => UnrunCommands.Reason(block) is null).GroupBy(block => block.Document)
        .ToDictionary(blocks => blocks.Key, blocks => new Lazy<DocumentFolder>(() => new DocumentFolder([.. blocks])));

    private static IEnumerable<TestCaseData> Scripts =>
        RepositoryDocuments.Scripts.Select(block => new TestCaseData(block).SetArgDisplayNames(block.Place));

    private static IEnumerable<string> Documents => RepositoryDocuments.Files;

    [OneTimeTearDown]
    public void RemoveFolders()
    {
        foreach (Lazy<DocumentFolder> folder in Folders.Values)
            if (folder.IsValueCreated) folder.Value.Dispose();
    }

    [TestCaseSource(nameof(Scripts))]
    public void CommandsRun(object script)
    {
        DocumentBlock block = (DocumentBlock)script;
        if (UnrunCommands.Reason(block) is { } reason)
        {
            Assert.That(Faults(block.Document, block.Commands), Is.Empty);
            Assert.Ignore($"blocks of documents that {reason}: checked against the command table, not run");
        }
        if (OperatingSystem.IsWindows()) Assert.Ignore("the commands of documents are run by bash");
        ProgramResult result = Folders[block.Document].Value.Run(block);
        string last = string.Join('\n', result.Errors.TrimEnd().Split('\n').TakeLast(LinesOfErrors));
        Assert.That(result.ExitCode, Is.EqualTo(ExitCodes.GetValueOrDefault(block.Document)), $"{block.Place}\n{last}");
    }

    [Test]
    public void FewBlocksAreNotRun()
    {
        string[] unrun =
        [
            .. from block in RepositoryDocuments.Scripts
               where UnrunCommands.Reason(block) is not null
               select block.Place,
        ];
        Assert.That(unrun, Has.Length.LessThanOrEqualTo(MostUnrunBlocks), string.Join('\n', unrun));
    }

    [Test]
    public void ABlockIsRunAsAWholeOrNotAtAll()
    {
        IEnumerable<string> hidden =
            from block in RepositoryDocuments.Scripts
            where UnrunCommands.Reason(block) is not null
            from command in block.Commands
            where UnrunCommands.Reason(command) is null
            select $"{block.Document}:{command.Line}: {command}";
        Assert.That(hidden, Is.Empty, "these stand beside commands that are not run: give them a block of their own");
    }

    [Test]
    public void BlocksOfCommandsSaySo()
    {
        string[] otherShells = ["bash", "shell", "console", "shell-session", "zsh", "cmd", "powershell", "pwsh"];
        IEnumerable<string> wrong =
            from block in RepositoryDocuments.Blocks
            where block.Info != DocumentBlock.Shell
            where otherShells.Contains(block.Info) || block.Text.Split('\n').Any(line => CommandStart().IsMatch(line))
            select block.Place;
        Assert.That(wrong, Is.Empty, $"expected the info string {DocumentBlock.Shell}");
    }

    [TestCaseSource(nameof(Documents))]
    public void CommandsInProseExist(string document)
    {
        // FILE|DIR is one word, and no pipe.
        IEnumerable<ShellCommand> commands = RepositoryDocuments.ReadSpans(RepositoryDocuments.Text(document))
            .Where(span => CommandStart().IsMatch(span.Text) && !ShownAsWrong.Contains(span.Text))
            .SelectMany(span => ShellCommand.ReadAll(Choice().Replace(span.Text, "/"), span.Line));
        Assert.That(Faults(document, commands, fragment: true), Is.Empty);
    }

    private static IEnumerable<string> Faults(
        string document, IEnumerable<ShellCommand> commands, bool fragment = false) =>
        from command in commands
        let fault = CommandTable.Fault(command, fragment)
        where fault is not null
        select $"{document}:{command.Line}: {command}: {fault}";

    [GeneratedRegex(@"(?<=\w)\|(?=\w)")]
    private static partial Regex Choice();

    // A program that the command table knows, or the path of a script. A prompt or variables may stand before it.
    [GeneratedRegex(@"^\s*(\$ )?([A-Za-z_][A-Za-z_0-9]*=\S* +)*(atl|caffe|dotnet|cmake|ctest|\S+/\S+\.sh)( |$)")]
    private static partial Regex CommandStart();
}
