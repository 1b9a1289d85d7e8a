using System.Numerics;
using Atl.Face.Faces;

namespace Atl.Face.Alignment;

/// <summary>
/// Says why five points are no face of an image. With e and m the middles of the eyes and of the mouth, a face lies in
/// its image (two points at least, and none farther outside than the image is long), its mouth is below its eyes
/// (turned by 120° at most), its left eye and mouth corner are left of the right ones as seen along m − e, and its
/// points explain 30 % of a frontal face's variance after the least-squares similarity. Real faces keep well away from
/// these limits: a profile turned by 90° and nodding by 45° still explains 39 %, and one turned by 60° explains 64 %.
/// </summary>
internal static class FacePlausibility
{
    private const double LargestTurn = 120, LeastWidth = -0.25, LeastExplained = 0.3;
    private const double NoFrontalFace = 0.8;
    private const int LeastPointsInside = 2;
    private const float LeastHeight = 2;

    /// <summary>Why the points are no face; null where they may be one.</summary>
    public static string? Fault(Landmarks points, int width, int height)
    {
        bool IsInside(Vector2 point) => point.X >= -0.5 && point.Y >= -0.5 && point.X < width - 0.5
            && point.Y < height - 0.5;

        if (points.Points.Count(IsInside) is < LeastPointsInside and var inside)
            return FormattableString.Invariant(
                $"{inside} of the five landmarks are inside the image of {width}x{height} pixels ")
                + FormattableString.Invariant(
                    $"(the first is at {points.LeftEye.X}, {points.LeftEye.Y}), expected a face in it");
        // A face that the edge of an image cuts off reaches outside by less than its own size.
        float reach = Math.Max(width, height);
        foreach (Vector2 point in points.Points)
            if (!(point.X >= -reach && point.Y >= -reach && point.X < width + reach && point.Y < height + reach))
                return FormattableString.Invariant(
                    $"a landmark is at {point.X}, {point.Y}, far outside of the image of {width}x{height} pixels, ")
                    + FormattableString.Invariant($"expected all five within {reach} pixels of it");
        if (IsPlanar(points))
            return "the ten numbers are a face only in the order x1 … x5 y1 … y5, expected x1 y1 … x5 y5";
        if (Vector2.Distance(points.EyeCenter, points.MouthCenter) is < LeastHeight and var distance)
            return FormattableString.Invariant(
                $"eyes and mouth are {distance:0.##} pixels apart, expected at least {LeastHeight} ")
                + "(landmarks are in pixels, not in fractions of the image's size)";
        if (Math.Abs(Turn(points)) is > LargestTurn and var turn)
            return FormattableString.Invariant($"the mouth is above the eyes (the face is turned by {turn:0}°), ")
                + FormattableString.Invariant($"expected a face turned by {LargestTurn}° at most");
        (double eyes, double mouth) = Widths(points);
        if ((eyes + mouth) / 2 < LeastWidth)
            return "left and right are swapped: the left eye and mouth corner are those at the image's left, and "
                + "come first";
        if (Math.Min(eyes, mouth) < LeastWidth && Math.Max(eyes, mouth) > -LeastWidth)
            return $"left and right of the {(eyes < mouth ? "eyes" : "mouth")} are swapped: "
                + "the left one is that at the image's left, and comes first";
        double explained = Explained(points);
        return explained < LeastExplained
            ? FormattableString.Invariant(
                $"the five landmarks have not the shape of a face (they explain {explained:0%} of one, ")
                + FormattableString.Invariant($"expected at least {LeastExplained:0%})")
            : null;
    }

    // The order of MTCNN's and facenet's own arrays: read in pairs it is no face, read in two halves it is a good one.
    private static bool IsPlanar(Landmarks points)
    {
        if (Explained(points) >= NoFrontalFace) return false;
        float[] numbers = [.. points.Points.SelectMany(point => (float[])[point.X, point.Y])];
        Landmarks halves = Landmarks.FromNumbers(
            [.. Enumerable.Range(0, Landmarks.Count).SelectMany(i =>
                (float[])[numbers[i], numbers[Landmarks.Count + i]])]);
        return halves.Points.Distinct().Count() > 1
            && Explained(halves) >= NoFrontalFace && Math.Abs(Turn(halves)) <= LargestTurn
            && Widths(halves) is var (eyes, mouth) && eyes + mouth > 0;
    }

    // The angle from straight down to the direction from eyes to mouth, in degrees.
    private static double Turn(Landmarks points)
    {
        Vector2 down = points.MouthCenter - points.EyeCenter;
        return Math.Atan2(-down.X, down.Y) * (180 / Math.PI);
    }

    // The widths of eyes and mouth across the direction from eyes to mouth, over that distance: about 0.9 for a frontal
    // face, 0 in profile, negative where left is right.
    private static (double Eyes, double Mouth) Widths(Landmarks points)
    {
        Vector2 down = points.MouthCenter - points.EyeCenter;
        return (Across(points.RightEye - points.LeftEye), Across(points.RightMouth - points.LeftMouth));

        double Across(Vector2 v) => (((double)v.X * down.Y) - ((double)v.Y * down.X)) / down.LengthSquared();
    }

    // The fraction of a frontal face's variance that the best similarity of the points explains.
    private static double Explained(Landmarks points)
    {
        ReadOnlySpan<Vector2> face = TemplateAlignment.Frontal;
        SimilarityTransform fit = SimilarityTransform.Fit(points.Points, face);
        Vector2 middle = Vector2.Zero;
        foreach (Vector2 point in face) middle += point / face.Length;
        double residual = 0, variance = 0;
        for (int i = 0; i < face.Length; i++)
        {
            residual += Vector2.DistanceSquared(fit.Apply(points.Points[i]), face[i]);
            variance += Vector2.DistanceSquared(face[i], middle);
        }
        return 1 - (residual / variance);
    }
}
