namespace Atl.Proto;

/// <summary>The first bytes of a file, which identify its kind.</summary>
internal static class FileHead
{
    /// <summary>The first bytes; null where the path is no file, or one that cannot be read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="count">How many; there are fewer where the file is shorter.</param>
    public static byte[]? TryRead(string path, int count)
    {
        if (PathKinds.Of(path) is not PathKind.File) return null;
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] bytes = new byte[count];
            return bytes[..file.ReadAtLeast(bytes, count, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (FileFault.Is(e) || e is ArgumentException)
        {
            return null;
        }
    }
}
