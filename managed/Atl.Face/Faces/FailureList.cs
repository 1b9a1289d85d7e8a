using Atl.Proto;

namespace Atl.Face.Faces;

/// <summary>The file that lists images that failed: a line each, its name, a tab, and the reason.</summary>
public static class FailureList
{
    /// <summary>Writes the list in place of one that is there; where nothing failed there is none.</summary>
    /// <exception cref="AtlException">The file cannot be written.</exception>
    public static void Write(string file, IReadOnlyCollection<(string Name, string Reason)> failed)
    {
        try
        {
            if (failed.Count == 0)
                File.Delete(file);
            else
                File.WriteAllLines(file, failed.Select(failure => $"{failure.Name}\t{failure.Reason}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AtlException($"cannot write {file}: {e.Message}", e);
        }
    }
}
