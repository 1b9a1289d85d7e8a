namespace Atl.Cli.Tests.Documents;

/// <summary>A fenced block of a document, or the examples of a command's help.</summary>
/// <param name="Document">The document's path below the repository, or <c>help COMMAND</c>.</param>
/// <param name="Line">The line of the document that holds the first line of the text; from 1.</param>
/// <param name="Info">What follows the opening fence; empty for nothing.</param>
/// <param name="Text">The lines between the fences, without their common indentation.</param>
internal sealed record DocumentBlock(string Document, int Line, string Info, string Text)
{
    /// <summary>The info string of blocks that a user is to run.</summary>
    public const string Shell = "sh";

    /// <summary>Document and line, as messages and lists of tests name the block.</summary>
    public string Place => $"{Document}:{Line}";

    /// <summary>The commands of the block, with their lines in the document.</summary>
    /// <exception cref="FormatException">A quotation mark lacks its other.</exception>
    public IReadOnlyList<ShellCommand> Commands => ShellCommand.ReadAll(Text, Line, Document);

    /// <inheritdoc/>
    public override string ToString() => Place;
}
