namespace Atl.Proto;

/// <summary>
/// A text file that breaks the protobuf text format or does not fit its schema. The message has a line for each
/// problem, which begins with file:line:column; all unknown fields of a file come in one error.
/// </summary>
public sealed class PrototxtException : AtlException
{
    /// <summary>An error at a place in a text file; <paramref name="problem"/> says what was found and what was
    /// expected.</summary>
    public PrototxtException(SourceLocation location, string problem)
        : this([new PrototxtProblem(location, problem)])
    {
    }

    /// <summary>Several errors in one file, in its order; at least one.</summary>
    public PrototxtException(IReadOnlyList<PrototxtProblem> problems)
        : base(PrototxtProblem.Describe(problems)) => Problems = problems;

    /// <summary>All that is wrong, in the order of the file.</summary>
    public IReadOnlyList<PrototxtProblem> Problems { get; }

    /// <summary>The place of the first error.</summary>
    public SourceLocation Location => Problems[0].Location;

    /// <summary>The first error, without its place.</summary>
    public string Problem => Problems[0].Text;

    /// <summary>The file's name as the caller gave it.</summary>
    public string File => Location.File;

    /// <summary>The line, from 1.</summary>
    public int Line => Location.Line;

    /// <summary>The column in characters, from 1; a tab counts as one.</summary>
    public int Column => Location.Column;
}
