using System.Globalization;

namespace Atl.Proto;

/// <summary>Numbers of things in messages, with the noun in singular or plural. Thread-safe.</summary>
internal static class Amount
{
    /// <summary>The number and the noun: <c>1 image</c>, <c>2 images</c>, <c>0 identities</c>.</summary>
    /// <param name="number">The number.</param>
    /// <param name="noun">The noun in singular.</param>
    /// <param name="format">The number's format, such as <c>N0</c> for thousands separators.</param>
    public static string Of(long number, string noun, string format = "0") =>
        $"{number.ToString(format, CultureInfo.InvariantCulture)} {(number == 1 ? noun : Plural(noun))}";

    private static string Plural(string noun) => noun switch
    {
        _ when noun.EndsWith('y') => $"{noun[..^1]}ies",
        _ when noun.EndsWith('x') => $"{noun}es",
        _ => $"{noun}s",
    };
}
