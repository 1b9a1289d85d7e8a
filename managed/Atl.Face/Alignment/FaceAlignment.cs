using System.Numerics;
using Atl.Face.Faces;
using OpenCvSharp;

namespace Atl.Face.Alignment;

/// <summary>Brings faces into a common position: how the points of a face say where its pixels go. The formulas are in docs/faces.md.</summary>
public abstract class FaceAlignment
{
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

    /// <summary>Where the pixels of an image go in the aligned one.</summary>
    /// <param name="points">The points of the face; (0, 0) is the middle of the left upper pixel.</param>
    /// <param name="imageWidth">The image's columns.</param>
    /// <param name="imageHeight">The image's rows.</param>
    /// <exception cref="FaceAlignmentException">The points give no transform: they fall together or are not finite.</exception>
    public abstract SimilarityTransform Transform(Landmarks points, int imageWidth, int imageHeight);

    /// <summary>The aligned image: bilinear, black where the image has no pixels.</summary>
    /// <exception cref="FaceAlignmentException">
    /// The points give no transform, are no face (<see cref="FacePlausibility"/>), or no pixel of the image would be in
    /// the aligned one.
    /// </exception>
    public Mat Align(Mat image, Landmarks points)
    {
        SimilarityTransform t = Transform(points, image.Cols, image.Rows);
        if (!double.IsFinite(t.A + t.B + t.X + t.Y) || t.Scale == 0) throw new FaceAlignmentException("the points give no finite transform");
        if (FacePlausibility.Fault(points, image.Cols,
            image.Rows) is { } fault) throw new FaceAlignmentException(fault);
        if (!Shows(t, image)) throw new FaceAlignmentException("the face lies outside of the image");
        using Mat matrix = Mat.FromArray(new double[,] { { t.A, t.B, t.X }, { -t.B, t.A, t.Y } });
        return image.WarpAffine(matrix, new Size(Width, Height), InterpolationFlags.Linear, BorderTypes.Constant, Scalar.All(0));
    }

    // Whether the image's area and that of the aligned one have something in common.
    private bool Shows(SimilarityTransform t, Mat image)
    {
        float right = image.Cols - 0.5f, bottom = image.Rows - 0.5f;
        Vector2[] corners = [new(-0.5f, -0.5f), new(right, -0.5f), new(right, bottom), new(-0.5f, bottom)];
        Point2f[] photo = [.. corners.Select(t.Apply).Select(corner => new Point2f(corner.X, corner.Y))];
        Point2f[] picture = [new(-0.5f, -0.5f), new(Width - 0.5f, -0.5f), new(Width - 0.5f, Height - 0.5f),
            new(-0.5f, Height - 0.5f)];
        return Cv2.IntersectConvexConvex(photo, picture, out _) > 0;
    }
}
