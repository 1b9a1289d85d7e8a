namespace Atl.Operators;

/// <summary>The way in which a prediction t encodes a box relative to its prior (v: variances).</summary>
internal enum BoxCode
{
    /// <summary>corner = prior corner + v·t.</summary>
    Corner = 1,

    /// <summary>center = prior center + v·t·sides; sides = exp(v·t)·prior sides.</summary>
    CenterSize = 2,

    /// <summary>corner = prior corner + v·t·sides.</summary>
    CornerSize = 3,
}
