namespace Atl.Proto;

/// <summary>Identifies a file's kind by its bytes, so that an error can name what was given in place of what was
/// expected.</summary>
internal static class FileKinds
{
    private const int TextSample = 4096;

    public static FileKind Identify(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return FileKind.Empty;
        if (bytes.StartsWith(Hdf5Signature.Bytes))
            return FileKind.Hdf5;
        return LooksLikeText(bytes) ? FileKind.Text : IdentifyMessage(bytes);
    }

    /// <summary>The kind as an error message names it.</summary>
    public static string Describe(FileKind kind) => kind switch
    {
        FileKind.Empty => "an empty file",
        FileKind.Text => "a text file",
        FileKind.Net => "a binary net with weights (caffemodel)",
        FileKind.SolverState => "a solver state",
        FileKind.Blob => "a binary blob (binaryproto)",
        FileKind.Datum => "a binary Datum",
        FileKind.Hdf5 => "an HDF5 file",
        _ => "neither text nor one of Caffe's binary messages",
    };

    // Binary messages hold control characters within their first bytes (tags and lengths); text has none but blanks.
    private static bool LooksLikeText(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes[..Math.Min(bytes.Length, TextSample)])
        {
            if (b < ' ' && b is not ((byte)'\t' or (byte)'\n' or (byte)'\v' or (byte)'\f' or (byte)'\r'))
                return false;
        }
        return true;
    }

    private static FileKind IdentifyMessage(ReadOnlySpan<byte> bytes)
    {
        WireWalker walker = new(bytes);
        FileKind kind = FileKind.Unknown;
        while (kind == FileKind.Unknown && walker.Next())
        {
            kind = (walker.Number, walker.Wire) switch
            {
                // A varint in field 1 is a solver state's iteration or the count of a legacy blob or Datum: the next
                // fields tell.
                (1, WireWalker.Varint) => AfterLeadingVarint(walker),
                (1 or 2 or 3 or 100, WireWalker.Bytes) => FileKind.Net,
                (6 or 8, WireWalker.Bytes) => NetOrBlob(walker),
                (5 or 7 or 9, WireWalker.Bytes) or (5, WireWalker.Fixed32) => FileKind.Blob,
                _ => FileKind.Unknown,
            };
        }
        return kind;
    }

    private static FileKind AfterLeadingVarint(WireWalker walker)
    {
        while (walker.Next())
        {
            switch (walker.Number, walker.Wire)
            {
                case (2 or 3, WireWalker.Bytes):
                    return FileKind.SolverState;
                case (4, WireWalker.Bytes):
                    return FileKind.Datum;
                case (5 or 6 or 7 or 8, WireWalker.Bytes) or (5, WireWalker.Fixed32):
                    return FileKind.Blob;
            }
        }
        return walker.Broken ? FileKind.Unknown : FileKind.SolverState;
    }

    // Fields 6 and 8 are state and input_shape of a net without a name, or diff and double_data of a blob; only a net
    // goes on with field 100.
    private static FileKind NetOrBlob(WireWalker walker)
    {
        while (walker.Next())
        {
            if (walker.Number == 100)
                return FileKind.Net;
        }
        return FileKind.Blob;
    }
}
