namespace Atl.Proto;

/// <summary>What a file holds, told by its bytes and not by its name.</summary>
internal enum FileKind
{
    /// <summary>Nothing: zero bytes.</summary>
    Empty,

    /// <summary>Text, such as a prototxt.</summary>
    Text,

    /// <summary>A binary NetParameter: a caffemodel.</summary>
    Net,

    /// <summary>A binary SolverState.</summary>
    SolverState,

    /// <summary>A binary BlobProto, such as a mean image.</summary>
    Blob,

    /// <summary>A binary Datum, one record of a database.</summary>
    Datum,

    /// <summary>An HDF5 file.</summary>
    Hdf5,

    /// <summary>None of these, or a file that breaks off before it can be told.</summary>
    Unknown,
}
