using System.Runtime.InteropServices;
using Atl.Proto;

namespace Atl.Face.Faces;

/// <summary>
/// Files of a folder that several processes write to at once. A file is written under a temporary name that no other
/// process has, and then renamed, so it has its name only when it is whole.
/// </summary>
internal static partial class SharedFile
{
    private const int AlreadyThere = 17;

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
                using (OutputFile file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                    file.Write(bytes);
                // An empty file is what a full disk has left.
                if (replace || (File.Exists(path) && !Exists(path)))
                    File.Move(temporary, path, overwrite: true);
                else
                    MoveNew(temporary, path);
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
        catch (Exception e) when (e is PathTooLongException || Directory.Exists(path))
        {
            // The name is at fault, not the disk.
            throw new AtlException($"cannot write {path}: {e.Message}", e);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw new OutputException($"cannot write {path}: {e.Message}", e);
        }
    }

    // File.Move looks whether the name is taken and then renames, so a file that another process makes in between would
    // be replaced. A second name for the file is given in one step; where a file system has none, File.Move is what is
    // left.
    private static void MoveNew(string temporary, string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (Link(temporary, path) == 0) return;
            if (Marshal.GetLastPInvokeError() == AlreadyThere) throw new IOException($"{path} is there already");
        }
        File.Move(temporary, path);
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string added);
}
