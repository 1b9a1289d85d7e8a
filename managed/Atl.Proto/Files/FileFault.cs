namespace Atl.Proto;

/// <summary>Distinguishes a system's refusal of a file or folder from other errors. Thread-safe.</summary>
internal static class FileFault
{
    /// <summary>
    /// Whether the system refused a file or folder: it is missing, in use or not permitted, or there is no room.
    /// </summary>
    public static bool Is(Exception error) => error is IOException or UnauthorizedAccessException;

    /// <summary>Does what may be refused without harm; the caller's comment says why.</summary>
    public static void Ignore(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        try
        {
            action();
        }
        catch (Exception e) when (Is(e))
        {
            // Refused, as the caller expects.
        }
    }

    /// <summary>Does what ends in an error of the user's where it is refused.</summary>
    /// <param name="what">The path, and what cannot be done with it: the start of the message.</param>
    /// <param name="action">Works on the file or folder.</param>
    /// <exception cref="AtlException">It was refused; the system's reason follows <paramref name="what"/>.</exception>
    public static void Rethrow(string what, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Rethrow(what, () =>
        {
            action();
            return true;
        });
    }

    /// <summary>
    /// Returns the result of <paramref name="function"/>; turns a refusal into an error of the user's.
    /// </summary>
    /// <param name="what">The path, and what cannot be done with it: the start of the message.</param>
    /// <param name="function">Works on the file or folder.</param>
    /// <exception cref="AtlException">It was refused; the system's reason follows <paramref name="what"/>.</exception>
    public static T Rethrow<T>(string what, Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        try
        {
            return function();
        }
        catch (Exception e) when (Is(e))
        {
            throw new AtlException($"{what}: {e.Message}", e);
        }
    }
}
