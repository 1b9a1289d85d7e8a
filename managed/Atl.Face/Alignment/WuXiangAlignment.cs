using System.Numerics;
using Atl.Face.Faces;

namespace Atl.Face.Alignment;

/// <summary>
/// The alignment of the ATL recipe (happynear/FaceVerification, AlignWuXiang). With e the middle of the eyes, m that of
/// the corners of the mouth, d = |m − e|, c = (e + m)/2 and s = eyeMouth/d: a = s (m_y − e_y)/d, b = −s (m_x − e_x)/d,
/// and the matrix is [a b W/2 − a c_x − b c_y; −b a H/2 + b c_x − a c_y]. So e → m points straight down, is eyeMouth
/// pixels long, and c lies at (W/2, H/2).
/// </summary>
public sealed class WuXiangAlignment(int width = 112, int height = 112, double eyeMouth = 40)
    : FaceAlignment(width, height)
{
    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant($"wuxiang {Width}x{Height} ec_mc_y {eyeMouth}");

    /// <inheritdoc/>
    internal override SimilarityTransform Transform(Landmarks points, int imageWidth, int imageHeight)
    {
        Vector2 e = points.EyeCenter, m = points.MouthCenter;
        double dx = (double)m.X - e.X, dy = (double)m.Y - e.Y, d = Math.Sqrt((dx * dx) + (dy * dy));
        if (!(d > 0) || !double.IsFinite(d))
            throw new FaceAlignmentException("eyes and mouth fall together or are not finite");
        double s = eyeMouth / d, a = s * dy / d, b = -s * dx / d, cx = ((double)e.X + m.X) / 2,
            cy = ((double)e.Y + m.Y) / 2;
        return new SimilarityTransform(a, b, (Width / 2.0) - (a * cx) - (b * cy), (Height / 2.0) + (b * cx) - (a * cy));
    }
}
