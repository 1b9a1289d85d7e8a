using System.Globalization;
using System.Numerics;

namespace Atl;

/// <summary>
/// The arithmetic of extents: sums, products and fields of files become an extent here or an error that names the
/// numbers, and never wrap around.
/// </summary>
internal static class Extents
{
    /// <summary>The most elements of a blob: 2^45, which fill the address space of a process.</summary>
    public const long MostElements = 1L << 45;

    /// <summary>A number as an extent.</summary>
    /// <param name="value">The number.</param>
    /// <param name="what">What it is, as the subject of a sentence: <c>the number of windows</c>.</param>
    /// <param name="field">The field that asks for it, from the layer's message on; null for none.</param>
    /// <exception cref="ShapeException">The number is negative or above 2^31 - 1.</exception>
    public static int Of(Int128 value, string what, string? field = null) =>
        value >= 0 && value <= int.MaxValue ? (int)value : throw Refused(what, "", (BigInteger)value, field);

    /// <summary>The product of numbers as an extent.</summary>
    /// <exception cref="ShapeException">The product is negative or above 2^31 - 1.</exception>
    public static int Product(string what, string? field, params ReadOnlySpan<long> factors)
    {
        BigInteger product = BigInteger.One;
        foreach (long factor in factors) product *= factor;
        return product >= 0 && product <= int.MaxValue ? (int)product
            : throw Refused(what, Terms(factors, " x "), product, field);
    }

    /// <summary>The sum of extents as an extent.</summary>
    /// <exception cref="ShapeException">The sum is above 2^31 - 1.</exception>
    public static int Sum(string what, string? field, params ReadOnlySpan<int> terms)
    {
        long sum = 0;
        foreach (int term in terms) sum += term;
        return sum is >= 0 and <= int.MaxValue ? (int)sum : throw Refused(what, Terms(terms, " + "), sum, field);
    }

    /// <summary>
    /// The number of elements that extents have, each 0 counted as 1; null for more than <see cref="MostElements"/>.
    /// </summary>
    public static long? Count(ReadOnlySpan<int> dims)
    {
        long count = 1;
        foreach (int dim in dims)
        {
            if (dim == 0) continue;
            if (count > MostElements / dim) return null;
            count *= dim;
        }
        return count;
    }

    /// <summary>The product of two counts, at most 2^63 - 1: for counts that are only shown.</summary>
    public static long Times(long one, long other) => (long)Int128.Min((Int128)one * other, long.MaxValue);

    /// <summary>The sum of counts, at most 2^63 - 1: for counts that are only shown.</summary>
    public static long Total(IEnumerable<long> counts)
    {
        Int128 total = 0;
        foreach (long count in counts) total += count;
        return (long)Int128.Min(total, long.MaxValue);
    }

    private static ShapeException Refused(string what, string terms, BigInteger found, string? field)
    {
        string sum = terms.Length > 0 ? $"{terms} = " : "";
        string text = $"{what} is {sum}{found.ToString(CultureInfo.InvariantCulture)}, expected at most {int.MaxValue}";
        if (found < 0) text = $"{what} is {sum}{found.ToString(CultureInfo.InvariantCulture)}, expected 0 or more";
        return new ShapeException(field is null ? text : $"{field}: {text}") { Field = field };
    }

    private static string Terms<T>(ReadOnlySpan<T> terms, string sign)
        where T : IFormattable
    {
        const int Shown = 8;
        List<string> words = [];
        foreach (T term in terms)
        {
            if (words.Count == Shown)
            {
                words.Add("...");
                break;
            }
            words.Add(term.ToString(null, CultureInfo.InvariantCulture));
        }
        return words.Count > 1 ? string.Join(sign, words) : "";
    }
}
