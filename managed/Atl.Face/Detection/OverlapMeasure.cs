namespace Atl.Face.Detection;

/// <summary>What the common area of two boxes is compared with.</summary>
public enum OverlapMeasure
{
    /// <summary>The area of both together.</summary>
    Union,

    /// <summary>The area of the smaller one, so that a box within another is suppressed.</summary>
    Min,
}
