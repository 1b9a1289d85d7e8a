using Atl.Face.Faces;

namespace Atl.Face.Detection;

/// <summary>The output of one stage of the cascade.</summary>
/// <param name="Image">The image's number.</param>
/// <param name="Box">Where the face may be.</param>
/// <param name="Score">The probability that it is one.</param>
/// <param name="Offsets">How far the stage would move the box's edges, in parts of its extent.</param>
/// <param name="Landmarks">The points, of the last stage only.</param>
internal readonly record struct Candidate(int Image, FaceBox Box, float Score, FaceBox Offsets,
    Landmarks Landmarks = default)
{
    /// <summary>The box with its edges moved by the offsets.</summary>
    public FaceBox Moved => new(
        Box.Left + (Offsets.Left * Box.Width), Box.Top + (Offsets.Top * Box.Height),
        Box.Right + (Offsets.Right * Box.Width),
            Box.Bottom + (Offsets.Bottom * Box.Height));

    /// <summary>The candidate whose box is the square of whole pixels around <see cref="Moved"/>.</summary>
    public Candidate Squared()
    {
        FaceBox moved = Moved;
        float side = MathF.Max(1, MathF.Round(MathF.Max(moved.Width, moved.Height)));
        float left = MathF.Round(moved.Center.X - (side / 2)), top = MathF.Round(moved.Center.Y - (side / 2));
        return this with { Box = new FaceBox(left, top, left + side, top + side) };
    }

    /// <summary>Suppression among candidates.</summary>
    public static List<Candidate> Suppress(IReadOnlyList<Candidate> candidates, float threshold,
        OverlapMeasure measure) =>
        BoxSuppression.Apply(candidates, candidate => candidate.Box, candidate => candidate.Score, threshold, measure);
}
