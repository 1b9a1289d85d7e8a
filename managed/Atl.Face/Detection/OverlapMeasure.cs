namespace Atl.Face.Detection;

/// <summary>The area to which the common area of two boxes is compared.</summary>
internal enum OverlapMeasure
{
    /// <summary>The area of both together.</summary>
    Union,

    /// <summary>The area of the smaller one, so that a box within another is suppressed.</summary>
    Min,
}
