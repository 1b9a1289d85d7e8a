using Atl.Proto;

namespace Atl.Tools;

/// <summary>Reads whole files that a user names.</summary>
internal static class InputFile
{
    /// <summary>All bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it is expected to be.</param>
    /// <exception cref="AtlException">It is missing or cannot be read.</exception>
    public static byte[] ReadAll(string path, string expected)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AtlException(File.Exists(path) ? $"{path}: cannot be read: {e.Message}" : $"{path}: no such file, expected {expected}", e);
        }
    }
}
