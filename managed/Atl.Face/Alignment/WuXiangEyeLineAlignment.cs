using System.Numerics;
using Atl.Face.Faces;

namespace Atl.Face.Alignment;

/// <summary>
/// The older alignment of the same group: rotates the whole image about its middle until the eyes are level, rounds the
/// middle of the eyes and that of the mouth to whole pixels, scales so that they are eyeMouth apart in height, rounds
/// again, and crops a square in which the middle of the eyes is at column side/2 and row eyeRow. (side, eyeMouth,
/// eyeRow) is (144, 48, 48) for training and (128, 48, 40) for tests. The pixels are drawn in one bilinear step in
/// place of two resamplings.
/// </summary>
internal sealed class WuXiangEyeLineAlignment(int side = 128, double eyeMouth = 48, double eyeRow = 40)
    : FaceAlignment(side, side)
{
    /// <inheritdoc/>
    public override string Description =>
        FormattableString.Invariant($"wuxiang-eyeline {Width}x{Height} ec_mc_y {eyeMouth} ec_y {eyeRow}");

    /// <inheritdoc/>
    internal override SimilarityTransform Transform(Landmarks points, int imageWidth, int imageHeight)
    {
        double angle = Math.Atan2((double)points.RightEye.Y - points.LeftEye.Y,
            (double)points.RightEye.X - points.LeftEye.X);
        if (!double.IsFinite(angle)) throw new FaceAlignmentException("the eyes are not finite");
        double cos = Math.Cos(angle), sin = Math.Sin(angle);
        double turnedWidth = Extent(imageWidth, imageHeight), turnedHeight = Extent(imageHeight, imageWidth);
        (double X, double Y) eyes = Turned(points.EyeCenter), mouth = Turned(points.MouthCenter);
        double s = eyeMouth / (mouth.Y - eyes.Y);
        if (!(s > 0) || !double.IsFinite(s)) throw new FaceAlignmentException("the mouth is not below the eyes");
        double scaledWidth = Math.Ceiling(turnedWidth * s), scaledHeight = Math.Ceiling(turnedHeight * s);
        double left = Whole(((eyes.X - (turnedWidth / 2)) * s) + (scaledWidth / 2)) - Math.Floor(Width / 2.0);
        double top = Whole(((eyes.Y - (turnedHeight / 2)) * s) + (scaledHeight / 2)) - eyeRow;
        double a = s * cos, b = s * sin, cx = imageWidth / 2.0, cy = imageHeight / 2.0;
        return new SimilarityTransform(a, b, (scaledWidth / 2) - left - (a * cx) - (b * cy),
            (scaledHeight / 2) - top + (b * cx) - (a * cy));

        double Extent(int along, int across) => Math.Ceiling((along * Math.Abs(cos)) + (across * Math.Abs(sin)) - 1e-6);

        (double, double) Turned(Vector2 point)
        {
            double x = point.X - (imageWidth / 2.0), y = point.Y - (imageHeight / 2.0);
            return (Whole((cos * x) + (sin * y) + (turnedWidth / 2)),
                Whole((cos * y) - (sin * x) + (turnedHeight / 2)));
        }

        // MATLAB's round; the middle of two whole numbers is often just between two.
        static double Whole(double value) => Math.Round(value, MidpointRounding.AwayFromZero);
    }
}
