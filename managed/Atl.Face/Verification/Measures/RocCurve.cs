namespace Atl.Face.Verification;

/// <summary>The ROC as a line of points, from (0, 0) to (1, 1).</summary>
internal static class RocCurve
{
    private const int PlacesADecade = 60;

    /// <summary>
    /// The corners at which the curve turns: straight lines between them, and from (0, 0) to the first, are the whole
    /// curve. Scores between two of them, at which it goes straight on, are left out.
    /// </summary>
    public static IEnumerable<RocPoint> Corners(ScoreDistribution scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        RocCorner before = default;
        RocCorner? held = null;
        foreach (RocCorner corner in scores.Corners())
        {
            if (held is { } middle)
            {
                if (Turns(before, middle, corner))
                {
                    yield return Point(middle);
                    before = middle;
                }
            }

            held = corner;
        }

        if (held is { } last)
            yield return Point(last);

        RocPoint Point(RocCorner corner) =>
            new((double)corner.Impostor / scores.Impostor, (double)corner.Genuine / scores.Genuine, corner.Score);
    }

    /// <summary>As many points as a chart with a logarithmic axis shows: about 60 a decade, from the rate of one
    /// impostor pair up.</summary>
    public static IReadOnlyList<RocPoint> Thinned(ScoreDistribution scores)
    {
        var points = new List<RocPoint>();
        RocPoint last = default;
        int lastPlace = int.MinValue;
        foreach (RocPoint point in Corners(scores))
        {
            if (point.Far > 0)
            {
                int place = (int)Math.Floor(PlacesADecade * Math.Log10(point.Far));
                if (place != lastPlace)
                {
                    // Before a step to the right the curve is at its height for that rate: the corner before it belongs
                    // to the image.
                    if (points.Count > 0 ? points[^1] != last : last != default)
                        points.Add(last);
                    points.Add(point);
                    lastPlace = place;
                }
            }

            last = point;
        }

        if (points.Count == 0 || points[^1] != last)
            points.Add(last);
        return points;
    }

    // Only straight up and straight right are told: steps that go both ways (ties) rarely have one slope.
    private static bool Turns(RocCorner a, RocCorner b, RocCorner c)
        => !((a.Impostor == b.Impostor && b.Impostor == c.Impostor)
            || (a.Genuine == b.Genuine && b.Genuine == c.Genuine));
}

/// <summary>A point of the ROC.</summary>
/// <param name="Far">The false accept rate.</param>
/// <param name="Tar">The true accept rate.</param>
/// <param name="Threshold">Scores at or above it are accepted.</param>
internal readonly record struct RocPoint(double Far, double Tar, double Threshold);
