using Atl.Proto;

namespace Atl.Data;

/// <summary>Reads text files that people write: lists of images, labels and pairs.</summary>
public static class TextLines
{
    /// <summary>All lines of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="expected">What it should hold, for the message where there is none.</param>
    /// <exception cref="AtlException">It is missing or cannot be read.</exception>
    public static string[] Read(string file, string expected)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AtlException(File.Exists(file) ? $"{file}: cannot be read: {e.Message}" : $"{file}: no such file, expected {expected}", e);
        }
    }
}
