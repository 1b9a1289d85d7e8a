namespace Atl.Nets;

/// <summary>
/// Why a layer may not write over the memory that its prototxt tells it to write over, or share a diff.
/// </summary>
internal enum HazardKind
{
    /// <summary>A later layer reads a view of the memory.</summary>
    LaterReader,

    /// <summary>A view of the memory is an output of the net.</summary>
    Output,

    /// <summary>A view of the memory is a blob that the caller asked to keep.</summary>
    Shown,

    /// <summary>The layer itself reads a view of the memory as another bottom.</summary>
    OwnBottom,

    /// <summary>The memory is filled once, not at each forward.</summary>
    FilledOnce,

    /// <summary>A layer's backward reads what it read in forward.</summary>
    Argument,

    /// <summary>A layer's backward reads what it wrote in forward.</summary>
    Result,

    /// <summary>propagate_down: false, but the diff above is the diff below.</summary>
    Gradient,

    /// <summary>A top has a loss weight and a reader, which writes over the weight in its diff.</summary>
    LossWeight,
}
