using System.Numerics;
using Atl.Face.Alignment;
using Atl.Face.Faces;

namespace Atl.Face.Detection;

/// <summary>
/// Turns the region head's maps into faces: the cell (row, column) stands for the pixel (16·column + 7.5, 16·row +
/// 7.5), and a point is anchor point · 89.51 + that + regression · 89.51, by the image's scale. The box is the image of
/// the unit square under the similarity that brings (.2, .2) (.8, .2) (.5, .5) (.3, .75) (.7, .75) closest to the
/// points, made upright around its middle.
/// </summary>
internal static class RsaDecoder
{
    private const float Stride = 16, AnchorCenter = 7.5f, AnchorLength = 2 * 44.754834f;

    private static readonly Vector2[] AnchorPoints =
        [new(-.1719f, -.2204f), new(.1719f, -.2261f), new(-.0017f, -.0047f), new(-.1409f, .2034f), new(.1409f, .1978f)];
    private static readonly Vector2[] UnitPoints = [new(.2f, .2f), new(.8f, .2f), new(.5f, .5f), new(.3f, .75f),
        new(.7f, .75f)];

    /// <summary>The faces whose score is at least the threshold.</summary>
    /// <param name="scores">rows × columns.</param>
    /// <param name="regression">10 × rows × columns: x1 y1 … x5 y5.</param>
    /// <param name="columns">The maps' columns.</param>
    /// <param name="threshold">The minimum score.</param>
    /// <param name="scale">What a pixel of the scaled octave is in the image.</param>
    public static IEnumerable<DetectedFace> Decode(float[] scores, float[] regression, int columns, float threshold,
        float scale)
    {
        for (int cell = 0; cell < scores.Length; cell++)
        {
            if (!(scores[cell] >= threshold)) continue;
            Vector2 center = new((Stride * (cell % columns)) + AnchorCenter,
                (Stride * (cell / columns)) + AnchorCenter);
            float[] numbers = new float[2 * Landmarks.Count];
            for (int i = 0; i < Landmarks.Count; i++)
            {
                Vector2 moved = new(regression[(2 * i * scores.Length) + cell],
                    regression[(((2 * i) + 1) * scores.Length) + cell]);
                Vector2 point = (((AnchorPoints[i] + moved) * AnchorLength) + center) * scale;
                (numbers[2 * i], numbers[(2 * i) + 1]) = (point.X, point.Y);
            }
            Landmarks landmarks = Landmarks.FromNumbers(numbers);
            yield return new DetectedFace(BoxOf(landmarks), scores[cell], landmarks);
        }
    }

    /// <summary>The box of five points.</summary>
    public static FaceBox BoxOf(Landmarks landmarks)
    {
        SimilarityTransform fit = SimilarityTransform.Fit(UnitPoints, landmarks.Points);
        return FaceBox.Square(fit.Apply(new Vector2(.5f, .5f)), (float)fit.Scale);
    }
}
