using System.Text;
using System.Xml;
using System.Xml.Linq;
using Atl.Face.Datasets;
using Atl.Proto;

namespace Atl.Face.Report;

/// <summary>
/// Writes a <see cref="RunReport"/> as one HTML page that needs nothing else: charts are inline SVG, images are data:
/// addresses, there is no script, and the page's content policy forbids a browser to load anything. The page is
/// well-formed XML too.
/// </summary>
internal static class HtmlReport
{
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    /// <summary>Writes the page to a file, by way of a temporary name, so that a reader never sees half of
    /// it.</summary>
    /// <exception cref="AtlException">The file cannot be written.</exception>
    public static void Save(RunReport report, string path) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToHtml(report))));

    /// <summary>The page.</summary>
    public static string ToHtml(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var main = new XElement("main", new XElement("h1", report.Title));
        if (!string.IsNullOrEmpty(report.Subtitle))
            main.Add(Html.Element("p", "subtitle", report.Subtitle));
        main.Add(TrainingSection.Of(report), VerificationSection.Of(report), Samples(report), Facts(report));
        main.Add(new XElement("footer", "Written by Atl. This page is self-contained; it loads nothing."));

        var html = new XElement(
            "html", new XAttribute("lang", "en"),
            new XElement(
                "head", new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("http-equiv", "Content-Security-Policy"),
                    new XAttribute("content", Policy)),
                new XElement("meta", new XAttribute("name", "viewport"),
                    new XAttribute("content", "width=device-width, initial-scale=1")),
                // Without an icon of its own browsers ask a server for one.
                new XElement("link", new XAttribute("rel", "icon"), new XAttribute("href", "data:,")),
                new XElement("title", report.Title), new XElement("style", ReportStyle.Css)),
            new XElement("body", main));
        ReplaceLoneSurrogates(html);
        // Inside HTML, svg needs no namespace declaration, but XML readers want it; it is written once a chart.
        var text = new StringBuilder("<!DOCTYPE html>\n");
        // Names of files may hold characters that XML does not know (control characters): they are written by their
        // numbers.
        using (XmlWriter writer = XmlWriter.Create(text, new XmlWriterSettings
        {
            OmitXmlDeclaration = true,
            Indent = false,
            CheckCharacters = false
        }))
            html.WriteTo(writer);
        return text.Append('\n').ToString();
    }

    // Half a character, as a cut name may end in, has no form in a file.
    private static void ReplaceLoneSurrogates(XElement html)
    {
        foreach (XElement element in html.DescendantsAndSelf())
        {
            foreach (XAttribute attribute in element.Attributes())
                if (Whole(attribute.Value) is { } value)
                    attribute.Value = value;
            foreach (XText text in element.Nodes().OfType<XText>())
                if (Whole(text.Value) is { } value)
                    text.Value = value;
        }
    }

    // Null where nothing need be replaced.
    private static string? Whole(string text) => text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0
        ? null
        : string.Concat(text.EnumerateRunes());

    private static IEnumerable<XElement> Samples(RunReport report)
    {
        if (report.Samples.Count == 0)
            yield break;
        yield return new XElement("h2", "Faces");
        yield return Html.Soft("One identity per row.");
        yield return Html.Element(
            "div", "faces",
            report.Samples.Select(row => Html.Element("div", "row",
                row.Select(sample => Html.Image(Thumbnail.Of(sample), $"person {sample.Label}")))));
    }

    private static IEnumerable<XElement> Facts(RunReport report)
    {
        if (report.Facts.Count == 0)
            yield break;
        yield return new XElement("h2", "Run");
        IEnumerable<XElement> rows = report.Facts.Select(fact =>
            new XElement("tr", new XElement("th", new XAttribute("scope", "row"), fact.Key),
                new XElement("td", fact.Value)));
        yield return Html.Element("div", "card scroll", Html.Element("table", "facts", new XElement("tbody", rows)));
    }
}
