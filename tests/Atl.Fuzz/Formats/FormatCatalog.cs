namespace Atl.Fuzz.Formats;

/// <summary>All formats.</summary>
internal static class FormatCatalog
{
    private static readonly FuzzFormat[] All =
    [
        .. TextFormats.All,
        .. WeightFormats.All,
        .. DatabaseFormats.All,
        .. ImageFormats.All,
        .. FeatureFormats.All,
        .. FaceFormats.All,
        .. ToolFormats.All,
    ];

    /// <summary>The formats of these names; all of them where none is given.</summary>
    /// <exception cref="ArgumentException">There is none of a name.</exception>
    public static FuzzFormat[] Find(IReadOnlyList<string> names)
    {
        if (names.Count == 0) return All;
        return
        [
            .. names.Select(name => Array.Find(All, format => format.Name == name) ?? throw new ArgumentException(
                $"unknown format '{name}'; there are: {string.Join(", ", All.Select(format => format.Name))}")),
        ];
    }
}
