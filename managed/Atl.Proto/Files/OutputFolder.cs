namespace Atl.Proto;

/// <summary>A folder that files are written to.</summary>
public static class OutputFolder
{
    /// <summary>Makes it, and those above it, where it is not there.</summary>
    /// <exception cref="AtlException">It cannot be made.</exception>
    public static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AtlException($"{folder}: the folder cannot be created: {e.Message}", e);
        }
    }
}
