using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Atl.Proto;

/// <summary>Brings to the disk what was renamed, created or removed in a folder, so that a power loss keeps
/// it.</summary>
/// <remarks>
/// A file that was flushed and renamed is safe under its new name only when its folder has reached the disk, too.
/// Windows has no such call; NTFS keeps the order of renames in its journal.
/// </remarks>
internal static partial class FolderSync
{
    private const int ReadOnly = 0, InputOutputError = 5, NoSpace = 28, QuotaExceeded = 122;

    /// <summary>Flushes the folder of a path. File systems that cannot do so are let pass.</summary>
    /// <param name="path">A file or folder that was renamed, created or removed.</param>
    public static void FlushFolderOf(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        string folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))) ?? "/";
        using SafeFileHandle handle = Open(folder, ReadOnly);
        // A folder that may be written and not read cannot be opened, and some network and FUSE file systems know no
        // flush of folders (EINVAL). The file is complete all the same.
        if (!handle.IsInvalid) _ = Flush(handle);
    }

    /// <summary>
    /// Brings to the disk all that was written on the file system of a folder: at the end of a run, cheaper than each
    /// of many small files. Systems without such a call are let pass.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="OutputException">Something of it cannot be written.</exception>
    public static void FlushFileSystemOf(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        using SafeFileHandle handle = Open(folder, ReadOnly);
        if (handle.IsInvalid || FlushFileSystem(handle) == 0) return;
        int error = Marshal.GetLastPInvokeError();
        if (error is InputOutputError or NoSpace or QuotaExceeded)
            throw new OutputException($"{folder}: cannot flush to the disk: {Marshal.GetPInvokeErrorMessage(error)}",
                new IOException(Marshal.GetPInvokeErrorMessage(error)));
    }

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int FlushFileSystem(SafeFileHandle folder);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(SafeFileHandle folder);
}
