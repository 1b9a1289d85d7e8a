using System.Text.RegularExpressions;
using Atl.Fuzz.Mutation;
using Atl.Fuzz.Running;

namespace Atl.Fuzz.Formats;

/// <summary>A format that the program reads.</summary>
/// <param name="name">What it is called on the command line and in the table.</param>
internal sealed class FuzzFormat(string name)
{
    /// <summary>What it is called.</summary>
    public string Name => name;

    /// <summary>Whole inputs, made in code in a folder of their own that is theirs to write to.</summary>
    public required Func<string, IReadOnlyList<FuzzInput>> Seeds { get; init; }

    /// <summary>Damage that fits the format, which three of four changes are.</summary>
    public IReadOnlyList<Mutator> Mutators { get; init; } = [];

    /// <summary>Writes what a case needs beside its input into the case's folder.</summary>
    public Action<FuzzInput, string>? Arrange { get; init; }

    /// <summary>Runs commands on a case.</summary>
    public required Action<FuzzCase> Run { get; init; }

    /// <summary>Whether the input is the command line itself, which may be wrong and names no file.</summary>
    public bool IsCommandLine { get; init; }

    /// <summary>
    /// Errors of other things than the file, which need not name it: of a file that it names, of what training leads
    /// to.
    /// </summary>
    public Regex? Elsewhere { get; init; }

    /// <summary>
    /// Errors of inputs in which a reader finds nothing of the format: of a magic number, a syntax, a first line. A
    /// mutant passes the header where a command ends otherwise.
    /// </summary>
    public required Regex Shallow { get; init; }
}
