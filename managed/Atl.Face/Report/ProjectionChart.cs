using System.Xml.Linq;
using Atl.Face.Verification;
using static Atl.Face.Report.Html;

namespace Atl.Face.Report;

/// <summary>Some identities' features in the plane, both axes to one scale.</summary>
internal static class ProjectionChart
{
    /// <summary>The chart's height, which the one beside it takes too.</summary>
    public const double Height = 400;

    private const double Margin = 1.08;

    public static XElement Of(ProjectionRecord projection, string name)
    {
        ProjectedImage[] all = [.. projection.People.SelectMany(person => person.Images)];
        (double left, double right) = (all.Min(image => image.X), all.Max(image => image.X));
        (double low, double high) = (all.Min(image => image.Y), all.Max(image => image.Y));
        double columns = ChartWidth - SvgChart.Left - SvgChart.Right, rows = Height - SvgChart.Top - SvgChart.Bottom;
        // A pixel is so long in both directions.
        double pixel = Margin * Math.Max((right - left) / columns, (high - low) / rows);
        XElement figure = Figure("Some identities in the plane", new SvgChart
        {
            Description = $"Projection of features of {projection.People.Count} identities, {name}",
            XLabel = Text($"first component ({100 * projection.FirstShare:0} % of the variance)"),
            YLabel = Text($"second component ({100 * projection.SecondShare:0} %)"),
            Height = Height,
            XRange = Around(left, right, columns),
            YRange = Around(low, high, rows),
            Series = [.. projection.People.Select((person, i) => new ChartSeries(
                person.Name, [.. person.Images.Select(image => (image.X, image.Y))],
                1 + (i % ChartSeries.Colors)) { Marks = true })],
        });
        figure.Add(Soft("Principal components of the unit features of the identities with the most images."));
        return figure;

        (double, double) Around(double from, double to, double pixels) =>
            ((from + to - (pixel * pixels)) / 2, (from + to + (pixel * pixels)) / 2);
    }
}
