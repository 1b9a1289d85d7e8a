using System.Text.Json;

namespace Atl.Proto;

/// <summary>The fault of JSON, in words for users who have the file and not the program.</summary>
internal static class JsonProblem
{
    private const string PlaceInMessage = " Path: ", Missing = "missing required properties",
        MissingNames = "including: ";

    /// <summary>The problem that an exception reports.</summary>
    public static string Of(JsonException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        string message = error.Message;
        int place = message.IndexOf(PlaceInMessage, StringComparison.Ordinal);
        if (place >= 0) message = message[..place].TrimEnd('.', ' ');
        string member = error.Path is { Length: > 2 } path ? $"'{path[2..]}'" : "the value";
        if (message.Contains("could not be converted", StringComparison.Ordinal))
            return $"{member} is of another type, or out of its range";
        if (message.Contains(Missing, StringComparison.Ordinal)
            && message.IndexOf(MissingNames, StringComparison.Ordinal) is >= 0 and var names)
            return $"without {message[(names + MissingNames.Length)..].TrimEnd('.')}";
        return error.Path is { Length: > 2 } ? $"{member}: {message}" : message;
    }
}
