namespace Atl.Proto;

/// <summary>A folder that files are written to.</summary>
internal static class OutputFolder
{
    /// <summary>Makes it, and those above it, where it is not there.</summary>
    /// <exception cref="AtlException">It cannot be made.</exception>
    public static void Make(string folder) =>
        FileFault.Rethrow($"{folder}: the folder cannot be created", () => Directory.CreateDirectory(folder));
}
