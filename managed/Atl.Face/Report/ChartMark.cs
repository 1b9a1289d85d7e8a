using System.Globalization;
using System.Text;

namespace Atl.Face.Report;

/// <summary>The shapes that stand for points of a chart, one for each color, distinct without it.</summary>
internal static class ChartMark
{
    private const double Size = 4.5;

    // Corners around the point, in units of the size.
    private static readonly (double X, double Y)[][] Shapes =
    [
        Polygon(16, 1, 0), Polygon(4, 1.2, 45), Polygon(3, 1.4, -90), Polygon(4, 1.3, 0),
        Polygon(3, 1.4, 90), Star(4, 1.5, 0.5), Star(5, 1.5, 0.6), Star(3, 1.5, 0.5),
    ];

    /// <summary>The path of a mark at a point, in pixels.</summary>
    public static string Path(int color, double x, double y)
    {
        StringBuilder path = new();
        foreach ((double dx, double dy) in Shapes[(color - 1) % Shapes.Length])
            path.Append(CultureInfo.InvariantCulture,
                $"{(path.Length == 0 ? 'M' : 'L')}{x + (Size * dx):0.#} {y + (Size * dy):0.#}");
        return path.Append('Z').ToString();
    }

    private static (double X, double Y)[] Polygon(int corners, double radius, double turn) =>
        [.. Enumerable.Range(0, corners).Select(i => Corner(turn + (360.0 * i / corners), radius))];

    private static (double X, double Y)[] Star(int points, double outer, double inner) =>
        [.. Enumerable.Range(0, 2 * points).Select(i => Corner((180.0 * i / points) - 90, i % 2 == 0 ? outer : inner))];

    private static (double X, double Y) Corner(double degrees, double radius)
    {
        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);
        return (radius * cosine, radius * sine);
    }
}
