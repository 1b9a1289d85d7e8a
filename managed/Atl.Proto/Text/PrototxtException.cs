namespace Atl.Proto;

/// <summary>A text file that breaks the protobuf text format or does not fit its schema; the message begins with file:line:column.</summary>
public sealed class PrototxtException : AtlException
{
    /// <summary>An error at a place in a text file; <paramref name="problem"/> says what was found and what was expected.</summary>
    public PrototxtException(SourceLocation location, string problem)
        : base($"{location}: {problem}")
    {
        Location = location;
        Problem = problem;
    }

    /// <summary>Where the error is.</summary>
    public SourceLocation Location { get; }

    /// <summary>The message without its place.</summary>
    public string Problem { get; }

    /// <summary>The file's name as the caller gave it.</summary>
    public string File => Location.File;

    /// <summary>The line, from 1.</summary>
    public int Line => Location.Line;

    /// <summary>The column in characters, from 1; a tab counts as one.</summary>
    public int Column => Location.Column;
}
