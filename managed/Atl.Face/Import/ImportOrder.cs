namespace Atl.Face.Import;

/// <summary>In which order images go into a database: a Data layer reads them so, again and again.</summary>
internal enum ImportOrder
{
    /// <summary>At random.</summary>
    Shuffled,

    /// <summary>Round-robin over the identities in random order, one image of each, until all images are
    /// used up.</summary>
    Balanced,

    /// <summary>As in the source.</summary>
    Kept,
}
