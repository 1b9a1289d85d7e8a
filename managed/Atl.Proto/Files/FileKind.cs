namespace Atl.Proto;

/// <summary>The content of a file, identified by its bytes, not by its name.</summary>
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

    /// <summary>None of these, or a file too short to identify.</summary>
    Unknown,
}
