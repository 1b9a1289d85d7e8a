using Atl.Proto;

namespace Atl.Native;

/// <summary>
/// Says why a native library cannot be loaded: itself or one that it needs is missing, or there is no memory for it.
/// The runtime's own message is a list of all paths that were tried.
/// </summary>
internal static class LibraryFault
{
    // What the runtime says of every place where a library is not.
    private static readonly string[] NotThere =
        ["cannot open shared object file: No such file or directory", "no such file", "(no such file)"];

    /// <summary>The error in words, on one line; null where it is none of a library.</summary>
    public static string? Describe(Exception error) =>
        AtlException.Causes(error).FirstOrDefault(e => e is not TypeInitializationException)
            is DllNotFoundException missing
            ? $"the native library '{NameIn(missing)}' cannot be loaded: {Reason(missing)}"
                + (NativePackages.Remedy(NameIn(missing)) is { } remedy ? "; " + remedy : "") : null;

    /// <summary>The reason why a library cannot be loaded, on one line.</summary>
    public static string Reason(DllNotFoundException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        string name = NameIn(error);
        string[] places = [.. error.Message.Split('\n', StringSplitOptions.TrimEntries
            | StringSplitOptions.RemoveEmptyEntries).Skip(1)];
        // A library that is there tells what it lacks; "atl" is the program, too, which is no library.
        return Array.Find(places, place => !IsOnlyAbsent(place, name)
                && !place.EndsWith("cannot dynamically load position-independent executable", StringComparison.Ordinal))
            ?? (places.Length > 0 ? "there is none beside the program or among the system's" : error.Message.Trim());
    }

    // The file that was looked for stands before the colon; another one's name there is that of one it needs.
    private static bool IsOnlyAbsent(string place, string name)
    {
        int colon = place.IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 && Array.Exists(NotThere, text => place.EndsWith(text, StringComparison.Ordinal))
            && Path.GetFileName(place[..colon]).Contains(name, StringComparison.Ordinal);
    }

    // In quotes in the first line, as the program's import gives it.
    private static string NameIn(DllNotFoundException error)
    {
        string[] parts = error.Message.Split('\'', 3);
        return parts.Length == 3 ? parts[1] : "?";
    }
}
