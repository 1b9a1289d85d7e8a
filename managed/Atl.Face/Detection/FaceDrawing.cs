using System.Globalization;
using System.Numerics;
using Atl.Face.Faces;
using OpenCvSharp;

namespace Atl.Face.Detection;

/// <summary>Draws faces into their image: boxes, points and scores.</summary>
internal static class FaceDrawing
{
    /// <summary>A copy of the image with its faces drawn.</summary>
    public static Mat Draw(Mat image, IReadOnlyList<DetectedFace> faces)
    {
        Mat drawn = image.Clone();
        int thickness = Math.Max(1, Math.Min(image.Cols, image.Rows) / 300);
        foreach (DetectedFace face in faces)
        {
            drawn.Rectangle(At(new(face.Box.Left, face.Box.Top)), At(new(face.Box.Right, face.Box.Bottom)),
                Scalar.LimeGreen, thickness);
            foreach (Vector2 point in face.Landmarks.Points)
                drawn.Circle(At(point), thickness + 1, Scalar.Red, -1, LineTypes.AntiAlias);
            string score = face.Score.ToString("F2", CultureInfo.InvariantCulture);
            drawn.PutText(score, At(new(face.Box.Left, face.Box.Top - 3)), HersheyFonts.HersheySimplex, 0.4 * thickness,
                Scalar.LimeGreen, thickness,
                LineTypes.AntiAlias);
        }
        return drawn;
    }

    private static Point At(Vector2 point) => new((int)MathF.Round(point.X), (int)MathF.Round(point.Y));
}
