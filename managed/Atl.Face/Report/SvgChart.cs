using System.Globalization;
using System.Xml.Linq;
using static System.FormattableString;

namespace Atl.Face.Report;

/// <summary>A chart as inline SVG: axes, grid, lines or marks. Colors are classes that the page's style sheet sets for
/// light and dark.</summary>
internal sealed class SvgChart
{
    /// <summary>The margins around the frame of the axes.</summary>
    public const double Left = 66, Right = 16, Top = 14, Bottom = 50;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public double Height { get; init; } = 260;

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

    /// <summary>The chart so wide; null when no series has a point to draw.</summary>
    public XElement? ToElement(double width)
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
        var y = ChartAxis.Over(YRange ?? Range(drawn.SelectMany(s => s.Points.Select(p => p.Y))), LogY,
            grow: YRange is null);

        var root = new XElement(
            Svg + "svg", new XAttribute("viewBox", Invariant($"0 0 {width} {Height}")), new XAttribute("role", "img"),
            new XAttribute("aria-label", Description));
        var frame = new Frame(x, y, width, Height);
        root.Add(Grid(frame));
        foreach ((ChartSeries series, List<(double X, double Y)> points) in drawn)
            root.Add(series.Marks ? Marks(series, points, frame) : Line(series, points, frame));
        return root;
    }

    /// <summary>A list of what the series are; null where fewer than two have names.</summary>
    public XElement? Legend()
    {
        ChartSeries[] named = [.. Series.Where(series => series.Name is not null && series.Points.Count > 0)];
        return named.Length < 2
            ? null : Html.Element("ul", "legend", named.Select(series => new XElement("li", Key(series), series.Name)));
    }

    private static (double Min, double Max) Range(IEnumerable<double> values)
    {
        (double min, double max) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double value in values)
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        return (min, max);
    }

    private static XElement Key(ChartSeries series)
    {
        var key = new XElement(Svg + "svg", new XAttribute("class", "key"), new XAttribute("viewBox", "0 0 28 14"),
            new XAttribute("aria-hidden", "true"));
        key.Add(series.Marks
            ? new XElement(Svg + "path", new XAttribute("class", $"f{series.Color}"),
                new XAttribute("d", ChartMark.Path(series.Color, 14, 7)))
            : Element("line", Style(series), ("x1", 0), ("x2", 28), ("y1", 7), ("y2", 7)));
        return key;
    }

    private IEnumerable<XElement> Grid(Frame frame)
    {
        foreach (double value in frame.X.MinorTicks())
            yield return Element("line", "grid minor", ("x1", frame.PixelX(value)), ("x2", frame.PixelX(value)),
                ("y1", Top), ("y2", frame.Base));
        foreach ((double value, string label) in frame.Y.Ticks())
        {
            double py = frame.PixelY(value);
            yield return Element("line", "grid", ("x1", Left), ("x2", frame.Width - Right), ("y1", py), ("y2", py));
            yield return Text(label, "tick", Left - 8, py + 4, "end");
        }

        foreach ((double value, string label) in frame.X.Ticks(XStep))
        {
            double px = frame.PixelX(value);
            yield return Element("line", "grid", ("x1", px), ("x2", px), ("y1", Top), ("y2", frame.Base));
            yield return Text(label, "tick", px, frame.Base + 20, "middle");
        }

        yield return Text(XLabel, "label", (Left + frame.Width - Right) / 2, Height - 8, "middle");
        double middle = (Top + frame.Base) / 2;
        XElement upright = Text(YLabel, "label", 14, middle, "middle");
        upright.Add(new XAttribute("transform", Invariant($"rotate(-90 14 {middle})")));
        yield return upright;
    }

    private static IEnumerable<XElement> Line(ChartSeries series, List<(double X, double Y)> points, Frame frame)
    {
        var path = new System.Text.StringBuilder();
        foreach ((double x, double y) in points)
            path.Append(CultureInfo.InvariantCulture,
                $"{(path.Length == 0 ? 'M' : 'L')}{frame.PixelX(x):0.#} {frame.PixelY(y):0.#}");
        // A single point is a line without length, of which its round ends are seen.
        if (points.Count == 1)
            path.Append(CultureInfo.InvariantCulture,
                $"L{frame.PixelX(points[0].X):0.#} {frame.PixelY(points[0].Y):0.#}");
        if (series.Area)
        {
            double first = frame.PixelX(points[0].X), last = frame.PixelX(points[^1].X);
            string closed = Invariant($"{path}L{last:0.#} {frame.Base:0.#}L{first:0.#} {frame.Base:0.#}Z");
            yield return new XElement(Svg + "path", new XAttribute("class", $"area f{series.Color}"),
                new XAttribute("d", closed));
        }

        yield return new XElement(Svg + "path", new XAttribute("class", Style(series)),
            new XAttribute("d", path.ToString()));
    }

    private static string Style(ChartSeries series) =>
        $"{(series.Faint ? "line faint" : "line")} s{series.Color} d{series.Dash}";

    private static IEnumerable<XElement> Marks(ChartSeries series, List<(double X, double Y)> points, Frame frame) =>
        points.Select(point => new XElement(
        Svg + "path", new XAttribute("class", $"mark f{series.Color}"),
        new XAttribute("d", ChartMark.Path(series.Color, frame.PixelX(point.X), frame.PixelY(point.Y)))));

    private static XElement Element(string name, string style, params (string Name, double Value)[] attributes)
        => new(Svg + name, new XAttribute("class", style),
            attributes.Select(a => new XAttribute(a.Name, a.Value.ToString("0.##", CultureInfo.InvariantCulture))));

    private static XElement Text(string text, string style, double x, double y, string anchor)
    {
        XElement element = Element("text", style, ("x", x), ("y", y));
        element.Add(new XAttribute("text-anchor", anchor), text);
        return element;
    }

    /// <summary>The axes with their place in the drawing.</summary>
    private readonly record struct Frame(ChartAxis X, ChartAxis Y, double Width, double Height)
    {
        /// <summary>The height of the x axis.</summary>
        public double Base => Height - Bottom;

        public double PixelX(double value) => Left + (X.Share(value) * (Width - Left - Right));

        public double PixelY(double value) => Base - (Y.Share(value) * (Base - Top));
    }
}
