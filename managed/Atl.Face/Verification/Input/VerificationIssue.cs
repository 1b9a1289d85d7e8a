namespace Atl.Face.Verification;

/// <summary>One kind of oddity.</summary>
/// <param name="Kind">A word for programs.</param>
/// <param name="What">What is odd, after a count.</param>
/// <param name="Unit">What the places number: image (row of the features), pair (position in the list) or fold.</param>
/// <param name="Places">Where, from 0.</param>
internal sealed record VerificationIssue(string Kind, string What, string Unit, IList<int> Places)
{
    /// <summary>One sentence with the count and the first few places, by their names where those are given.</summary>
    public string Describe(Func<int, string>? name = null)
    {
        IEnumerable<string> first = Places.Take(5).Select(place => name is null
            ? place.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : name(place));
        return $"{Places.Count} {What} ({Unit} {string.Join(", ", first)}{(Places.Count > 5 ? ", …" : "")})";
    }
}
