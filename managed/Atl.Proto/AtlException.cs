namespace Atl.Proto;

/// <summary>
/// The base of every error that Atl raises about a user's input: files, nets, shapes, labels.
/// Control characters in its message, as a mistyped path may hold, are shown as escapes.
/// Its message says where (file:line:column or the layer), what was found and what was expected.
/// </summary>
public class AtlException : Exception
{
    /// <summary>An error with its message.</summary>
    public AtlException(string message)
        : base(PathText.Message(message))
    {
    }

    /// <summary>An error with its message and the error beneath it.</summary>
    public AtlException(string message, Exception inner)
        : base(PathText.Message(message), inner)
    {
    }

    /// <summary>An error and those beneath it, the outermost first.</summary>
    internal static IEnumerable<Exception> Causes(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException) yield return e;
    }
}
