using System.Numerics;
using Atl.Face.Faces;

namespace Atl.Face.Alignment;

/// <summary>Which face of several is taken.</summary>
internal enum FaceChoice
{
    /// <summary>That with the largest box.</summary>
    Largest,

    /// <summary>That whose box is nearest to the image's middle.</summary>
    Centre,

    /// <summary>That with the highest score.</summary>
    Best,

    /// <summary>None: an image with several faces is left out.</summary>
    Skip,

    /// <summary>Every face of the image.</summary>
    All,
}

/// <summary>Chooses among faces.</summary>
internal static class FaceChoices
{
    /// <summary>The chosen of at least one face; none where an image with several is to be left out.</summary>
    public static IReadOnlyList<DetectedFace> Choose(this FaceChoice choice, IReadOnlyList<DetectedFace> faces,
        int width, int height)
    {
        if (faces.Count == 1) return faces;
        Vector2 middle = new(width / 2f, height / 2f);
        return choice switch
        {
            FaceChoice.Largest => [faces.MaxBy(face => face.Box.Area)!],
            FaceChoice.Centre => [faces.MinBy(face => Vector2.Distance(face.Box.Center, middle))!],
            FaceChoice.Best => [faces.MaxBy(face => face.Score)!],
            FaceChoice.All => faces,
            _ => [],
        };
    }
}
