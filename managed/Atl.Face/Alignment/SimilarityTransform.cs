using System.Numerics;

namespace Atl.Face.Alignment;

/// <summary>
/// Rotation, scaling and translation without reflection: (x, y) → (A·x + B·y + X, −B·x + A·y + Y).
/// </summary>
/// <param name="A">Scale times the cosine of the angle.</param>
/// <param name="B">Scale times the sine of the angle.</param>
/// <param name="X">What is added to x.</param>
/// <param name="Y">What is added to y.</param>
internal readonly record struct SimilarityTransform(double A, double B, double X, double Y)
{
    /// <summary>The scale factor.</summary>
    public double Scale => Math.Sqrt((A * A) + (B * B));

    /// <summary>Maps a point.</summary>
    public Vector2 Apply(Vector2 point) =>
        new((float)((A * point.X) + (B * point.Y) + X), (float)((A * point.Y) - (B * point.X) + Y));

    /// <summary>
    /// The transform that brings points closest to others, by the sum of squared distances (Umeyama, "Least-squares
    /// estimation of transformation parameters between two point patterns", 1991, without reflection): with p and q
    /// measured from their means, A = Σ p·q / Σ|p|², B = Σ (p_y q_x − p_x q_y) / Σ|p|².
    /// </summary>
    /// <exception cref="FaceAlignmentException">The points are all the same, or not finite.</exception>
    public static SimilarityTransform Fit(ReadOnlySpan<Vector2> from, ReadOnlySpan<Vector2> to)
    {
        if (from.Length != to.Length || from.IsEmpty)
            throw new ArgumentException($"{from.Length} points and {to.Length}, expected as many of both", nameof(to));
        (double px, double py) = Mean(from);
        (double qx, double qy) = Mean(to);
        double dot = 0, cross = 0, square = 0;
        for (int i = 0; i < from.Length; i++)
        {
            double x = from[i].X - px, y = from[i].Y - py, u = to[i].X - qx, v = to[i].Y - qy;
            dot += (x * u) + (y * v);
            cross += (y * u) - (x * v);
            square += (x * x) + (y * y);
        }
        if (!(square > 0) || !double.IsFinite(square + dot + cross))
            throw new FaceAlignmentException("the points are all the same or not finite");
        double a = dot / square, b = cross / square;
        return new SimilarityTransform(a, b, qx - (a * px) - (b * py), qy - (a * py) + (b * px));
    }

    private static (double X, double Y) Mean(ReadOnlySpan<Vector2> points)
    {
        double x = 0, y = 0;
        foreach (Vector2 point in points) (x, y) = (x + point.X, y + point.Y);
        return (x / points.Length, y / points.Length);
    }
}
