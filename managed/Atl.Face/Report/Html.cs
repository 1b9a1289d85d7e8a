using System.Globalization;
using System.Xml.Linq;
using Atl.Face.Datasets;

namespace Atl.Face.Report;

/// <summary>The parts that a page is put together from.</summary>
internal static class Html
{
    /// <summary>The width of a chart's drawing in half of the page, or in all of a narrow one.</summary>
    public const double ChartWidth = 520;

    private const double WideChartWidth = 1060;

    /// <summary>An element of a class.</summary>
    public static XElement Element(string name, string style, params object?[] content) =>
        new(name, new XAttribute("class", style), content);

    /// <summary>A paragraph in the quiet color.</summary>
    public static XElement Soft(params object?[] content) => Element("p", "soft", content);

    /// <summary>Text to be typed.</summary>
    public static XElement Code(string text) => new("code", text);

    /// <summary>A chart with its title and, where several lines have names, a legend.</summary>
    public static XElement Figure(string title, SvgChart chart) => Frame(title, chart, chart.ToElement(ChartWidth));

    /// <summary>A chart over the whole width of the page; on a narrow one another drawing takes its place, whose
    /// letters are not shrunk.</summary>
    public static XElement WideFigure(string title, SvgChart chart)
    {
        XElement? wide = chart.ToElement(WideChartWidth), narrow = chart.ToElement(ChartWidth);
        wide?.Add(new XAttribute("class", "wide"));
        narrow?.Add(new XAttribute("class", "narrow"));
        return Frame(title, chart, wide, narrow);
    }

    /// <summary>An image.</summary>
    public static XElement Image(Thumbnail image, string description) => new(
        "img", new XAttribute("src", image.DataUri), new XAttribute("alt", description),
        new XAttribute("width", image.Width),
        new XAttribute("height", image.Height));

    /// <summary>The parts that the page does not show, and the commands that would add them.</summary>
    public static XElement? Missing(IReadOnlyCollection<object[]> lines) => lines.Count == 0
        ? null
        : Element("div", "card missing", new XElement("h3", "Not shown"),
            new XElement("ul", lines.Select(line => new XElement("li", line))));

    /// <summary>A share as a percentage with two decimals.</summary>
    public static string Percent(double share) => Text($"{100 * share:0.00} %");

    /// <summary>A rate as tables name it: 0.001, 1e-05.</summary>
    public static string Rate(double rate) => rate >= 1e-4 ? Text($"{rate:0.######}") : Text($"{rate:0.##e-0}");

    /// <summary>Text with numbers as the page writes them.</summary>
    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static XElement Frame(string title, SvgChart chart, params XElement?[] drawings) => drawings[0] is null
        ? Element("div", "card", new XElement("h3", title), Soft("no finite values"))
        : Element("div", "card", new XElement("h3", title), chart.Legend(), drawings);
}
