namespace Atl.Bindgen;

/// <summary>
/// C# names of C names: <c>atl_batch_norm_forward</c> is <c>BatchNormForward</c>, <c>top_k</c> <c>topK</c>.
/// </summary>
internal static class Names
{
    private const string Prefix = "atl_";

    // Words whose inner capitals C's names have lost.
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["argmax"] = "ArgMax",
        ["onednn"] = "OneDnn",
        ["prelu"] = "PReLU",
    };

    private static readonly HashSet<string> Keywords = ["base", "fixed", "in", "out", "params", "ref"];

    /// <summary>The name of a function, type or field.</summary>
    public static string Pascal(string name)
    {
        string bare = name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? name[Prefix.Length..] : name;
        return string.Concat(bare.Split('_', StringSplitOptions.RemoveEmptyEntries).Select(Word));
    }

    /// <summary>The name of a parameter.</summary>
    public static string Camel(string name)
    {
        string pascal = Pascal(name), camel = char.ToLowerInvariant(pascal[0]) + pascal[1..];
        return Keywords.Contains(camel) ? "@" + camel : camel;
    }

    /// <summary>The names of an enum's values without the words that all of them begin with.</summary>
    public static IEnumerable<string> Values(IReadOnlyList<string> names)
    {
        string[][] words = [.. names.Select(name => name.Split('_'))];
        int common = 0;
        while (words.All(word => common < word.Length - 1 && word[common] == words[0][common])) common++;
        return words.Select(word => Pascal(string.Join('_', word[common..])));
    }

    private static string Word(string word)
    {
        string lower = word.ToLowerInvariant();
        return Words.TryGetValue(lower, out string? known) ? known : char.ToUpperInvariant(lower[0]) + lower[1..];
    }
}
