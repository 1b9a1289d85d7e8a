using Atl.Proto;
using System.Xml.Linq;
using Atl.Face.Datasets;
using Atl.Face.Runs;
using Atl.Face.Verification;
using static Atl.Face.Report.Html;

namespace Atl.Face.Report;

/// <summary>The hardest pairs, as thumbnails where those are known, else by their names.</summary>
internal static class HardestPairsSection
{
    public static XElement? Of(RunVerification one, bool open, List<object[]> missing)
    {
        HardestPairs hardest = one.Record.Hardest;
        NamedPair[] genuine = [.. hardest.Genuine.Take(RunVerification.ThumbnailPairs)],
            impostor = [.. hardest.Impostor.Take(RunVerification.ThumbnailPairs)];
        if (genuine.Length + impostor.Length == 0)
        {
            missing.Add(["The hardest pairs: ", Code("atl verify -hardest 20"), " keeps them."]);
            return null;
        }

        int without = genuine.Concat(impostor).SelectMany(pair => new[] { pair.First, pair.Second }).Distinct()
            .Count(name => !one.Thumbnails.ContainsKey(name));
        if (without > 0)
        {
            missing.Add([
                $"missing: {Amount.Of(without, "image", "N0")} of the hardest pairs: ",
                Code("atl verify … -run RUN_DIR -images IMAGES"),
                " takes them from what the features were extracted from.",
            ]);
        }

        return new XElement(
            "details", open ? new XAttribute("open", "open") : null, new XElement("summary", "Hardest pairs"),
            Strip("Same identity, largest angles", genuine), Strip("Different identities, smallest angles", impostor));

        XElement?[] Strip(string title, NamedPair[] pairs) => pairs.Length == 0
            ? []
            : [new XElement("h4", title), Element("div", "pairs", pairs.Select(pair => Pair(pair, one.Thumbnails)))];
    }

    private static XElement Pair(NamedPair pair, IReadOnlyDictionary<string, Thumbnail> thumbnails) => Element(
        "figure", "pair",
        Element("div", "two", Side(pair.First, thumbnails), Side(pair.Second, thumbnails)),
        new XElement("figcaption", new XElement("strong", Text($"{AngleHistogram.Degrees(pair.Score):0.0}°")),
            Name(pair.First), Name(pair.Second)));

    private static XElement Side(string name, IReadOnlyDictionary<string, Thumbnail> thumbnails) =>
        thumbnails.TryGetValue(name, out Thumbnail? thumbnail) ? Image(thumbnail, name)
        : Element("span", "blank", "no image");

    private static XElement Name(string name) => Element("span", "file", new XAttribute("title", name), name);
}
