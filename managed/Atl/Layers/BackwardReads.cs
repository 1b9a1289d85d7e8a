namespace Atl.Layers;

/// <summary>Which blobs' data a layer's backward reads; diffs are not meant.</summary>
[Flags]
public enum BackwardReads
{
    /// <summary>No data: backward works on diffs, parameters and what forward kept.</summary>
    Nothing = 0,

    /// <summary>The first bottom.</summary>
    FirstBottom = 1,

    /// <summary>The bottoms after the first.</summary>
    OtherBottoms = 2,

    /// <summary>All bottoms.</summary>
    Bottoms = FirstBottom | OtherBottoms,

    /// <summary>All tops.</summary>
    Tops = 4,

    /// <summary>All bottoms and tops.</summary>
    Everything = Bottoms | Tops,

    /// <summary>The first top or the first bottom, whichever still holds its values; the top where both do.</summary>
    TopOrBottom = 8,

    /// <summary>Of tops only whether an element is above 0, and that only where its gradient is not 0.</summary>
    SignOfTops = 16,
}
