namespace Atl.Proto;

/// <summary>A place in a text file; prints as <c>file:line:column</c>, the form editors and compilers know.</summary>
/// <param name="File">The file's name as the caller gave it.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in characters, from 1; a tab counts as one.</param>
public readonly record struct SourceLocation(string File, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"{PathText.Show(File)}:{Line}:{Column}";
}
