using Atl.Native;
using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// Why one item of many (an image, a record, a file) could not be worked on. Whatever goes wrong with an item is the
/// item's: it is listed with its reason, and the others go on. Only an output that cannot be written
/// (<see cref="OutputException"/>) ends the run.
/// </summary>
internal static class ItemFailure
{
    /// <summary>Whether an exception is the fault of the item that was worked on.</summary>
    public static bool IsOfItem(Exception error) => error is not OutputException;

    /// <summary>The reason in words, on one line.</summary>
    public static string Reason(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error switch
        {
            AtlException => error.Message,
            _ when ImageDecoder.Registered?.Reason(error) is { } reason => reason,
            _ when MemoryFault.Is(error) => "not enough memory for it",
            _ when FileFault.Is(error) => PathText.Message(error.Message),
            _ when LibraryFault.Describe(error) is { } reason => reason,
            _ => $"{error.GetType().Name}: {PathText.Message(error.Message)}",
        };
    }
}
