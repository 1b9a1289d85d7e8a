using System.Text.RegularExpressions;

namespace Atl.Face.Verification;

/// <summary>Says that none of a list's images has a feature, and what may be the cause.</summary>
internal static partial class NameMismatch
{
    /// <summary>A name that the list has, one that a feature has, and a hint.</summary>
    /// <param name="names">The images that have features.</param>
    /// <param name="count">How many images the list names.</param>
    /// <param name="wanted">The first name that the list has.</param>
    /// <param name="line">Its line.</param>
    public static string Describe(ImageNames names, int count, string wanted, int line) =>
        $"none of its {count} images has a feature: looked for '{wanted}' (line {line}), "
        + $"the features are called '{names[0]}'{(names.Count > 1 ? ", …" : "")}; {Hint(names, wanted)}";

    private static string Hint(ImageNames names, string wanted)
    {
        if (names.AreNumbers)
            return "rows without a list of names are numbered: give the list with -names";
        if (Suffixed().Match(ImageNames.Stem(names[0])) is { Success: true } suffixed)
            return $"facenet's aligner adds '{suffixed.Groups[1].Value}': take it off in the features' list of names";
        if (Identities.LfwPerson(wanted) is not null && Identities.LfwPerson(names[0]) is null)
            return "LFW's images are called PERSON/PERSON_0001; for other names, list pairs as lines of two names and "
                + "0 or 1";
        return "expected names as in the features' list";
    }

    // PERSON_0001_0.
    [GeneratedRegex(@"_\d{4}(_\d+)$")]
    private static partial Regex Suffixed();
}
