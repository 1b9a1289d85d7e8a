namespace Atl.Proto;

/// <summary>Options for reading text files.</summary>
public sealed record TextFormatOptions
{
    /// <summary>Unknown fields are ignored with a note instead of an error.</summary>
    public bool AllowUnknownFields { get; init; }

    /// <summary>The maximum depth of nested messages. Caffe's own messages nest five deep.</summary>
    public int RecursionLimit { get; init; } = 100;

    /// <summary>Receives one line for everything ignored, ignored or upgraded, each beginning with its place where
    /// that is known.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>
    /// Receives unknown fields and values of enums in place of the error that names them all when the file is read;
    /// null for the error. Fields that <see cref="AllowUnknownFields"/> ignores are not among them.
    /// </summary>
    public Action<PrototxtProblem>? UnknownField { get; init; }

    /// <summary>The memory in bytes that the messages of a small file may take.</summary>
    internal long FewestBytes { get; init; } = MessageCost.Fewest;

    internal static TextFormatOptions Default { get; } = new();
}
