using Atl.Proto;

namespace Atl.Solvers;

/// <summary>A solver whose settings do not fit together, a snapshot that does not fit, or a training run that
/// failed.</summary>
public sealed class SolverException : AtlException
{
    /// <summary>A failure with its message.</summary>
    public SolverException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with its message and the error beneath it.</summary>
    public SolverException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>A failure that begins with the place of the field that caused it, where the settings came from a
    /// file.</summary>
    internal static SolverException At(SolverParameter parameter, int field, string message) =>
        new(SourceMap.Find(parameter, field) is { } place ? $"{place}: {message}" : message);
}
