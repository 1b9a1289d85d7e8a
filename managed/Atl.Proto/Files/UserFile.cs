namespace Atl.Proto;

/// <summary>Reads files that a user names.</summary>
public static class UserFile
{
    /// <summary>All bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it is expected to be.</param>
    /// <exception cref="AtlException">It is missing or cannot be read.</exception>
    public static byte[] ReadAll(string path, string expected) => Guarded(path, expected, () => File.ReadAllBytes(path));

    /// <summary>What <paramref name="read"/> gives.</summary>
    /// <param name="path">The file that it reads.</param>
    /// <param name="expected">What that is expected to be.</param>
    /// <param name="read">Reads from the file.</param>
    /// <exception cref="AtlException">The file is missing or cannot be read.</exception>
    public static T Guarded<T>(string path, string expected, Func<T> read)
    {
        if (path.Length == 0 || path.Contains('\0'))
            throw new AtlException($"{PathText.Show(path)}: no file can have this name, expected {expected}{PathText.Hint(path)}");
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string shown = PathText.Show(path);
            throw new AtlException(File.Exists(path)
                ? $"{shown}: cannot be read: {e.Message}" : $"{shown}: no such file, expected {expected}{PathText.Hint(path)}", e);
        }
    }
}
