using System.Buffers.Binary;
using Atl.Proto;

namespace Atl.Face.Faces;

/// <summary>
/// Files in which face images and features come, that a command does not take as they are: what they are, and what to
/// do.
/// </summary>
internal static class ForeignFormat
{
    private const int HeadBytes = 16;
    private const int OpenCvFloat = 5;

    /// <summary>
    /// Describes a file of another format and what to do with it; null if it is unknown or cannot be read.
    /// </summary>
    public static string? Describe(string path)
    {
        if (FileHead.TryRead(path, HeadBytes) is not { } head) return null;
        string name = path.ToLowerInvariant();
        return head switch
        {
            [0x1F, 0x8B, ..] when name.EndsWith(".tar.gz", StringComparison.Ordinal)
                || name.EndsWith(".tgz", StringComparison.Ordinal) =>
                "a compressed tar archive: unpack it first (tar xzf)",
            [0x1F, 0x8B, ..] => "compressed by gzip: unpack it first (gunzip)",
            [(byte)'P', (byte)'K', 3, 4, ..] when !name.EndsWith(".npz", StringComparison.Ordinal) =>
                "a zip archive: unpack it first (unzip)",
            [(byte)'B', (byte)'Z', (byte)'h', ..] or [0xFD, (byte)'7', (byte)'z', ..] =>
                "a compressed file: unpack it first (tar xf)",
            [0x93, (byte)'N', (byte)'U', (byte)'M', ..] or [(byte)'P', (byte)'K', 3, 4, ..]
                or [0x89, (byte)'H', (byte)'D', (byte)'F', ..] =>
                "an array of numbers, such as features: atl verify and atl identify read those",
            _ when IsMegaFace(head, path) =>
                "one feature in MegaFace's format (four integers, then floats): numpy.fromfile(FILE, '<f4', offset=16) "
                    + "reads it; stack many and save them by numpy.save",
            _ when InsightfaceSet.IsAt(path) =>
                "an insightface verification set of images: run atl extract, which also writes the list of pairs",
            _ when name.EndsWith(".rec", StringComparison.Ordinal) =>
                "MXNet's RecordIO: atl import writes an LMDB of it",
            _ when name.EndsWith(".tsv", StringComparison.Ordinal) =>
                "columns of text with images in base64, like MS-Celeb-1M: write each image to PERSON/IMAGE.jpg (base64 "
                    + "-d)",
            _ when name.EndsWith(".tar", StringComparison.Ordinal) =>
                "a tar archive: atl import writes an LMDB of it, or unpack it",
            _ => null,
        };
    }

    // OpenCV's matrix as MegaFace's devkit writes it: rows, columns, bytes of a row, type, values.
    private static bool IsMegaFace(ReadOnlySpan<byte> head, string path)
    {
        if (head.Length < HeadBytes) return false;
        long rows = BinaryPrimitives.ReadInt32LittleEndian(head),
            columns = BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
        return rows > 0 && columns > 0 && (rows == 1 || columns == 1)
            && BinaryPrimitives.ReadInt32LittleEndian(head[12..]) == OpenCvFloat
            && new FileInfo(path).Length == HeadBytes + (rows * columns * sizeof(float));
    }
}
