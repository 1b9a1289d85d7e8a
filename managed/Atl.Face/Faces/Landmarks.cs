using System.Numerics;

namespace Atl.Face.Faces;

/// <summary>
/// The five points of a face in pixels; (0, 0) is the middle of the left upper pixel. Left and right are the image's,
/// so the left eye is the person's right one.
/// </summary>
/// <param name="LeftEye">The eye at the left of the image.</param>
/// <param name="RightEye">The eye at the right of the image.</param>
/// <param name="Nose">The tip of the nose.</param>
/// <param name="LeftMouth">The corner of the mouth at the left of the image.</param>
/// <param name="RightMouth">The corner of the mouth at the right of the image.</param>
public readonly record struct Landmarks(Vector2 LeftEye, Vector2 RightEye, Vector2 Nose, Vector2 LeftMouth,
    Vector2 RightMouth)
{
    /// <summary>The number of landmarks.</summary>
    public const int Count = 5;

    /// <summary>The points in the order of all lists: left eye, right eye, nose, left mouth corner, right mouth
    /// corner.</summary>
    public Vector2[] Points => [LeftEye, RightEye, Nose, LeftMouth, RightMouth];

    /// <summary>The middle between the eyes.</summary>
    public Vector2 EyeCenter => (LeftEye + RightEye) / 2;

    /// <summary>The middle between the corners of the mouth.</summary>
    public Vector2 MouthCenter => (LeftMouth + RightMouth) / 2;

    /// <summary>The smallest box that holds the points.</summary>
    public FaceBox Bounds
    {
        get
        {
            Vector2 least = LeftEye, most = LeftEye;
            foreach (Vector2 point in Points) (least, most) = (Vector2.Min(least, point), Vector2.Max(most, point));
            return new FaceBox(least.X, least.Y, most.X, most.Y);
        }
    }

    /// <summary>The five points from ten numbers x1 y1 … x5 y5.</summary>
    /// <exception cref="ArgumentException">There are not ten.</exception>
    public static Landmarks FromNumbers(ReadOnlySpan<float> numbers)
    {
        if (numbers.Length != 2 * Count)
            throw new ArgumentException($"{numbers.Length} numbers, expected {2 * Count}", nameof(numbers));
        return new Landmarks(
            new(numbers[0], numbers[1]), new(numbers[2], numbers[3]), new(numbers[4], numbers[5]),
            new(numbers[6], numbers[7]), new(numbers[8], numbers[9]));
    }

    /// <summary>The points mapped one by one.</summary>
    public Landmarks Map(Func<Vector2, Vector2> map) =>
        new(map(LeftEye), map(RightEye), map(Nose), map(LeftMouth), map(RightMouth));
}
