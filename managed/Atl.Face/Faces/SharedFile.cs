using Atl.Proto;

namespace Atl.Face.Faces;

/// <summary>
/// Files of a folder that several processes write to at once. A file is written under a temporary name that no other
/// process has, and then renamed, so it has its name only when it is whole.
/// </summary>
public static class SharedFile
{
    /// <summary>Whether a file is there and holds something.</summary>
    public static bool Exists(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };

    /// <summary>Writes a file and the folders above it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="replace">Whether to replace a file that is there.</param>
    /// <returns>False where a file was there, of this process or another one, which stays as it is.</returns>
    /// <exception cref="AtlException">The folder or the file cannot be written.</exception>
    public static bool Write(string path, byte[] bytes, bool replace)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string temporary = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            try
            {
                File.WriteAllBytes(temporary, bytes);
                // An empty file is what a full disk has left.
                File.Move(temporary, path, replace || (File.Exists(path) && !Exists(path)));
                return true;
            }
            catch (IOException) when (!replace && Exists(path))
            {
                return false;
            }
            finally
            {
                File.Delete(temporary);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AtlException($"cannot write {path}: {e.Message}", e);
        }
    }
}
