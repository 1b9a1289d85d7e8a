using System.Numerics;
using Atl.Face.Faces;
using OpenCvSharp;

namespace Atl.Face.Alignment;

/// <summary>Brings faces into a common position: how the points of a face say where its pixels go. The formulas are in
/// docs/faces.md.</summary>
public abstract class FaceAlignment
{
    // OpenCV's warp counts places in 16 bits.
    private const int LongestSide = short.MaxValue - 1;

    // What interpolation reads beside the pixels that are shown.
    private const int Margin = 2;

    /// <summary>An alignment that makes images of a size.</summary>
    protected FaceAlignment(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        (Width, Height) = (width, height);
    }

    /// <summary>The columns of an aligned image.</summary>
    public int Width { get; }

    /// <summary>The rows of an aligned image.</summary>
    public int Height { get; }

    /// <summary>The alignment with all that decides where pixels go, in a line: "wuxiang 112x112 ec_mc_y 40".</summary>
    public abstract string Description { get; }

    /// <summary>The map from an image's pixels to the aligned image's.</summary>
    /// <param name="points">The points of the face; (0, 0) is the middle of the left upper pixel.</param>
    /// <param name="imageWidth">The image's columns.</param>
    /// <param name="imageHeight">The image's rows.</param>
    /// <exception cref="FaceAlignmentException">The points give no transform: they fall together or are not
    /// finite.</exception>
    internal abstract SimilarityTransform Transform(Landmarks points, int imageWidth, int imageHeight);

    /// <summary>The aligned image: bilinear, black where the image has no pixels.</summary>
    /// <exception cref="FaceAlignmentException">
    /// The points give no transform, are no face (<see cref="FacePlausibility"/>), or no pixel of the image would be in
    /// the aligned one.
    /// </exception>
    public Mat Align(Mat image, Landmarks points)
    {
        SimilarityTransform t = Transform(points, image.Cols, image.Rows);
        if (!double.IsFinite(t.A + t.B + t.X + t.Y) || t.Scale == 0)
            throw new FaceAlignmentException("the points give no finite transform");
        if (FacePlausibility.Fault(points, image.Cols,
            image.Rows) is { } fault) throw new FaceAlignmentException(fault);
        if (!Shows(t, image)) throw new FaceAlignmentException("the face is outside the image");
        return Math.Max(image.Cols, image.Rows) <= LongestSide ? Warp(image, t) : WarpPart(image, t);
    }

    private Mat Warp(Mat image, SimilarityTransform t)
    {
        using Mat matrix = Mat.FromArray(new double[,] { { t.A, t.B, t.X }, { -t.B, t.A, t.Y } });
        return image.WarpAffine(matrix, new Size(Width, Height), InterpolationFlags.Linear, BorderTypes.Constant,
            Scalar.All(0));
    }

    // Of an image with a side that OpenCV's warp does not take, the part that the aligned one shows.
    private Mat WarpPart(Mat image, SimilarityTransform t)
    {
        double square = t.Scale * t.Scale;
        double left = double.MaxValue, top = double.MaxValue, right = double.MinValue, bottom = double.MinValue;
        foreach ((double x, double y) in ((double, double)[])[(0, 0), (Width, 0), (0, Height), (Width, Height)])
        {
            double u = ((t.A * (x - t.X)) - (t.B * (y - t.Y))) / square,
                v = ((t.B * (x - t.X)) + (t.A * (y - t.Y))) / square;
            (left, right, top, bottom) = (Math.Min(left, u), Math.Max(right, u), Math.Min(top, v), Math.Max(bottom, v));
        }
        int x0 = (int)Math.Clamp(left - Margin, 0, image.Cols - 1),
            x1 = (int)Math.Clamp(right + Margin, x0 + 1, image.Cols),
            y0 = (int)Math.Clamp(top - Margin, 0, image.Rows - 1),
            y1 = (int)Math.Clamp(bottom + Margin, y0 + 1, image.Rows);
        if (Math.Max(x1 - x0, y1 - y0) > LongestSide)
            throw new FaceAlignmentException(
                $"the face takes {x1 - x0} x {y1 - y0} pixels of the image, expected sides of at most {LongestSide} "
                    + "pixels");
        using Mat part = new(image, new Rect(x0, y0, x1 - x0, y1 - y0));
        return Warp(part, t with { X = t.X + (t.A * x0) + (t.B * y0), Y = t.Y - (t.B * x0) + (t.A * y0) });
    }

    // Whether the image's area and that of the aligned one have something in common.
    private bool Shows(SimilarityTransform t, Mat image)
    {
        float right = image.Cols - 0.5f, bottom = image.Rows - 0.5f;
        Vector2[] corners = [new(-0.5f, -0.5f), new(right, -0.5f), new(right, bottom), new(-0.5f, bottom)];
        Point2f[] photo = [.. corners.Select(t.Apply).Select(corner => new Point2f(corner.X, corner.Y))];
        Point2f[] aligned = [new(-0.5f, -0.5f), new(Width - 0.5f, -0.5f), new(Width - 0.5f, Height - 0.5f),
            new(-0.5f, Height - 0.5f)];
        return Cv2.IntersectConvexConvex(photo, aligned, out _) > 0;
    }
}
