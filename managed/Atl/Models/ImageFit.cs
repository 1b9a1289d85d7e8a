namespace Atl;

/// <summary>The way in which images come to the size of a net's input.</summary>
public enum ImageFit
{
    /// <summary>They must have it.</summary>
    Exact,

    /// <summary>They are brought to it by bilinear interpolation, whatever their proportions.</summary>
    Resize,

    /// <summary>Their middle is cut out, which must not be larger than they are.</summary>
    Crop,
}
