using System.Numerics;
using Atl.Face.Faces;

namespace Atl.Face.Alignment;

/// <summary>Which face of several is taken.</summary>
public enum FaceChoice
{
    /// <summary>That with the largest box.</summary>
    Largest,

    /// <summary>That whose box is nearest to the image's middle.</summary>
    Centre,

    /// <summary>That with the highest score.</summary>
    Best,

    /// <summary>None: an image with several faces is left out.</summary>
    Skip,
}

/// <summary>Chooses among faces.</summary>
public static class FaceChoices
{
    /// <summary>The chosen one of at least one face; null where several are to be left out.</summary>
    public static DetectedFace? Choose(this FaceChoice choice, IReadOnlyList<DetectedFace> faces, int width, int height)
    {
        if (faces.Count == 1) return faces[0];
        Vector2 middle = new(width / 2f, height / 2f);
        return choice switch
        {
            FaceChoice.Largest => faces.MaxBy(face => face.Box.Area),
            FaceChoice.Centre => faces.MinBy(face => Vector2.Distance(face.Box.Center, middle)),
            FaceChoice.Best => faces.MaxBy(face => face.Score),
            _ => null,
        };
    }
}
