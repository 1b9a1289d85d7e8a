using System.Globalization;
using System.Xml.Linq;
using static System.FormattableString;

namespace Atl.Face.Report;

/// <summary>One line of a chart.</summary>
/// <param name="Name">Its name in the legend; null leaves it out of the legend.</param>
/// <param name="Points">Points by rising x, in the units of the axes.</param>
/// <param name="Colour">Number of the palette's colour, from 1.</param>
internal sealed record ChartSeries(string? Name, IReadOnlyList<(double X, double Y)> Points, int Colour)
{
    /// <summary>Fills the area down to the axis.</summary>
    public bool Area { get; init; }

    /// <summary>Draws thin and pale, as the unsmoothed values behind a smoothed line.</summary>
    public bool Faint { get; init; }
}

/// <summary>A line chart as inline SVG: axes, grid, legend, series. Colours are classes that the page's style sheet sets for light and dark.</summary>
internal sealed class SvgChart
{
    private const double Left = 62, Right = 16, Top = 14, Bottom = 46;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public double Width { get; init; } = 640;

    public double Height { get; init; } = 320;

    public required string Description { get; init; }

    public required string XLabel { get; init; }

    public required string YLabel { get; init; }

    /// <summary>x in decades; points with x ≤ 0 are left out.</summary>
    public bool LogX { get; init; }

    /// <summary>y in decades; points with y ≤ 0 are left out.</summary>
    public bool LogY { get; init; }

    /// <summary>Distance of the labels on a linear x axis; chosen if null.</summary>
    public double? XStep { get; init; }

    public (double Min, double Max)? XRange { get; init; }

    public (double Min, double Max)? YRange { get; init; }

    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>The chart; null when no series has a point to draw.</summary>
    public XElement? ToElement()
    {
        List<(ChartSeries Series, List<(double X, double Y)> Points)> drawn = [];
        foreach (ChartSeries series in Series)
        {
            List<(double X, double Y)> points = [.. series.Points.Where(p =>
                double.IsFinite(p.X) && double.IsFinite(p.Y) && (!LogX || p.X > 0) && (!LogY || p.Y > 0))];
            if (points.Count > 0)
                drawn.Add((series, points));
        }

        if (drawn.Count == 0)
            return null;
        var x = ChartAxis.Over(XRange ?? Range(drawn.SelectMany(s => s.Points.Select(p => p.X))), LogX, grow: false);
        var y = ChartAxis.Over(YRange ?? Range(drawn.SelectMany(s => s.Points.Select(p => p.Y))), LogY, grow: YRange is null);

        var root = new XElement(
            Svg + "svg", new XAttribute("viewBox", Invariant($"0 0 {Width} {Height}")), new XAttribute("role", "img"), new XAttribute("aria-label", Description));
        root.Add(Grid(x, y));
        foreach ((ChartSeries series, List<(double X, double Y)> points) in drawn)
            root.Add(Line(series, points, x, y));
        root.Add(Legend([.. drawn.Select(s => s.Series).Where(s => s.Name is not null)]));
        return root;
    }

    private static (double Min, double Max) Range(IEnumerable<double> values)
    {
        (double min, double max) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double value in values)
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        return (min, max);
    }

    private double PixelX(ChartAxis axis, double value) => Left + (axis.Share(value) * (Width - Left - Right));

    private double PixelY(ChartAxis axis, double value) => Height - Bottom - (axis.Share(value) * (Height - Top - Bottom));

    private IEnumerable<XElement> Grid(ChartAxis x, ChartAxis y)
    {
        foreach ((double value, string label) in y.Ticks())
        {
            double py = PixelY(y, value);
            yield return Element("line", "grid", ("x1", Left), ("x2", Width - Right), ("y1", py), ("y2", py));
            yield return Text(label, "tick", Left - 8, py + 4, "end");
        }

        foreach ((double value, string label) in x.Ticks(XStep))
        {
            double px = PixelX(x, value);
            yield return Element("line", "grid", ("x1", px), ("x2", px), ("y1", Top), ("y2", Height - Bottom));
            yield return Text(label, "tick", px, Height - Bottom + 17, "middle");
        }

        yield return Text(XLabel, "label", (Left + Width - Right) / 2, Height - 8, "middle");
        double middle = (Top + Height - Bottom) / 2;
        XElement upright = Text(YLabel, "label", 15, middle, "middle");
        upright.Add(new XAttribute("transform", Invariant($"rotate(-90 15 {middle})")));
        yield return upright;
    }

    private IEnumerable<XElement> Line(ChartSeries series, List<(double X, double Y)> points, ChartAxis x, ChartAxis y)
    {
        var path = new System.Text.StringBuilder();
        foreach ((double px, double py) in points)
            path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? 'M' : 'L')}{PixelX(x, px):0.#} {PixelY(y, py):0.#}");
        if (series.Area)
        {
            string closed = Invariant($"{path}L{PixelX(x, points[^1].X):0.#} {Height - Bottom:0.#}L{PixelX(x, points[0].X):0.#} {Height - Bottom:0.#}Z");
            yield return new XElement(Svg + "path", new XAttribute("class", $"area f{series.Colour}"), new XAttribute("d", closed));
        }

        yield return new XElement(
            Svg + "path", new XAttribute("class", $"{(series.Faint ? "line faint" : "line")} s{series.Colour}"), new XAttribute("d", path.ToString()));
    }

    private IEnumerable<XElement> Legend(List<ChartSeries> series)
    {
        if (series.Count < 2)
            yield break;

        // Below the x axis, left, on the line of the axis' name: never over the curves.
        double px = Left;
        foreach (ChartSeries one in series)
        {
            yield return Element("line", $"key s{one.Colour}", ("x1", px), ("x2", px + 16), ("y1", Height - 12), ("y2", Height - 12));
            yield return Text(one.Name!, "tick", px + 21, Height - 8, "start");
            px += 36 + (6.6 * one.Name!.Length);
        }
    }

    private static XElement Element(string name, string style, params (string Name, double Value)[] attributes)
        => new(Svg + name, new XAttribute("class", style), attributes.Select(a => new XAttribute(a.Name, a.Value.ToString("0.##", CultureInfo.InvariantCulture))));

    private static XElement Text(string text, string style, double x, double y, string anchor)
    {
        XElement element = Element("text", style, ("x", x), ("y", y));
        element.Add(new XAttribute("text-anchor", anchor), text);
        return element;
    }
}
