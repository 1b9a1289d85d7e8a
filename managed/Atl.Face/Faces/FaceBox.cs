using System.Numerics;

namespace Atl.Face.Faces;

/// <summary>A rectangle in an image, in pixels from its left upper corner: an image of W × H pixels is the box (0, 0,
/// W, H).</summary>
/// <param name="Left">The left edge.</param>
/// <param name="Top">The upper edge.</param>
/// <param name="Right">The right edge.</param>
/// <param name="Bottom">The lower edge.</param>
public readonly record struct FaceBox(float Left, float Top, float Right, float Bottom)
{
    /// <summary>Right − left.</summary>
    public float Width => Right - Left;

    /// <summary>Bottom − top.</summary>
    public float Height => Bottom - Top;

    /// <summary>Width · height; 0 where either is negative.</summary>
    public float Area => Math.Max(0, Width) * Math.Max(0, Height);

    /// <summary>The middle.</summary>
    public Vector2 Center => new((Left + Right) / 2, (Top + Bottom) / 2);

    /// <summary>The square of a center and a side.</summary>
    public static FaceBox Square(Vector2 center, float side) =>
        new(center.X - (side / 2), center.Y - (side / 2), center.X + (side / 2), center.Y + (side / 2));

    /// <summary>The intersection of two boxes; of area 0 if they are disjoint.</summary>
    public FaceBox Intersect(FaceBox other) =>
        new(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right),
            Math.Min(Bottom, other.Bottom));
}
