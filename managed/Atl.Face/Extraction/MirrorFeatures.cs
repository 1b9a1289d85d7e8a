namespace Atl.Face.Extraction;

/// <summary>The use of the mirrored image's feature.</summary>
public enum MirrorFeatures
{
    /// <summary>There is none: f(x).</summary>
    None,

    /// <summary>It follows that of the image: [f(x); f(mirrored x)], twice as long (SphereFace's protocol).</summary>
    Concat,

    /// <summary>The mean of both: (f(x) + f(mirrored x)) / 2.</summary>
    Average,

    /// <summary>The sum of both: f(x) + f(mirrored x) (insightface's protocol).</summary>
    Sum,
}
