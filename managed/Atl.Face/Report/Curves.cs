using Atl.Face.Verification;

namespace Atl.Face.Report;

/// <summary>Turns measurements into as many points as a chart can show.</summary>
internal static class Curves
{
    /// <summary>A centered running mean over about a fiftieth of the points; values that are not finite are left out of
    /// it.</summary>
    public static IReadOnlyList<(double X, double Y)> Smooth(IReadOnlyList<(double X, double Y)> points)
    {
        int reach = Math.Max(1, points.Count / 100);
        double[] sum = new double[points.Count + 1];
        int[] count = new int[points.Count + 1];
        for (int i = 0; i < points.Count; i++)
        {
            bool finite = double.IsFinite(points[i].Y);
            sum[i + 1] = sum[i] + (finite ? points[i].Y : 0);
            count[i + 1] = count[i] + (finite ? 1 : 0);
        }

        var smooth = new (double, double)[points.Count];
        for (int i = 0; i < points.Count; i++)
        {
            // The window shrinks at both ends alike, so that the ends are not pulled inwards.
            int half = Math.Min(reach, Math.Min(i, points.Count - 1 - i));
            int low = i - half, high = i + half + 1;
            smooth[i] = (points[i].X, (sum[high] - sum[low]) / (count[high] - count[low]));
        }

        return smooth;
    }

    /// <summary>Every n-th point, with the last one always kept.</summary>
    public static IReadOnlyList<(double X, double Y)> Thin(IReadOnlyList<(double X, double Y)> points, int most)
    {
        int every = (points.Count + most - 1) / most;
        return every <= 1 ? points : [.. points.Where((_, i) => i % every == 0 || i == points.Count - 1)];
    }

    /// <summary>The outline of an <see cref="AngleHistogram"/> in percent; no points where nothing was
    /// counted.</summary>
    /// <param name="counts">The pairs in each bin.</param>
    /// <param name="width">The width of a bin in degrees.</param>
    public static IReadOnlyList<(double X, double Y)> Shares(IReadOnlyList<double> counts,
        double width = AngleHistogram.Width)
    {
        double total = counts.Sum();
        if (total == 0)
            return [];
        // Empty bins at both ends would lie as a line on the axis.
        int[] filled = [.. Enumerable.Range(0, counts.Count).Where(bin => counts[bin] > 0)];
        (int first, int end) = (filled[0], filled[^1] + 1);
        return
        [
            (first * width, 0),
            .. Enumerable.Range(first, end - first).SelectMany(bin => new[]
            {
                (bin * width, 100.0 * counts[bin] / total), ((bin + 1) * width, 100.0 * counts[bin] / total),
            }),
            (end * width, 0),
        ];
    }
}
