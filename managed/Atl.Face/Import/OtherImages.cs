namespace Atl.Face.Import;

/// <summary>Files that hold images, but of kinds that folders and archives are not searched for.</summary>
internal static class OtherImages
{
    /// <summary>The reason given for such a file.</summary>
    public const string Reason =
        "an image format that folders are not searched for; convert it to PNG or JPEG, or name it in a list";

    private static readonly string[] Extensions =
        [".gif", ".jfif", ".jpe", ".jfi", ".jp2", ".j2k", ".jpx", ".jxl", ".avif", ".heic", ".heif", ".pnm", ".pbm",
            ".tga", ".ico", ".svg", ".psd", ".dng", ".cr2", ".nef"];

    /// <summary>Whether a file's name ends as that of such an image.</summary>
    public static bool Is(string name) =>
        Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);
}
