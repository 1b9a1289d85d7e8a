namespace Atl.Proto;

/// <summary>Writes a file so that its name holds the old content or the whole new one, whatever happens in between.</summary>
public static class AtomicFile
{
    // The error code of a full disk on Linux and macOS (ENOSPC), over quota (EDQUOT), and on Windows (ERROR_DISK_FULL).
    private const int NoSpaceUnix = 28;
    private const int OverQuotaUnix = 122;
    private const int DiskFullWindows = unchecked((int)0x80070070);

    /// <summary>
    /// Writes to a temporary name in the same folder, brings the bytes to the disk, then renames. When anything fails the temporary
    /// file is removed and the old file is as it was.
    /// </summary>
    /// <exception cref="AtlException">The folder is missing or not writable, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path);
        // One name for all attempts: what a killed process left half written, the next one replaces.
        string temporary = full + ".tmp";
        try
        {
            using (FileStream stream = new(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception error)
        {
            DeleteQuietly(temporary);
            if (error is IOException or UnauthorizedAccessException)
                throw new AtlException($"{path}: {Explain(error, full)}; "
                    + $"{(File.Exists(full) ? "the file that was there is unchanged" : "nothing was written")}", error);
            throw;
        }
    }

    private static string Explain(Exception error, string path)
    {
        if (error is DirectoryNotFoundException)
            return $"the folder {Path.GetDirectoryName(path)} does not exist, expected one to write to";
        if (error is UnauthorizedAccessException)
            return Directory.Exists(path) ? "a folder has this name, expected a file" : $"no permission to write in {Path.GetDirectoryName(path)}";
        return error.HResult is NoSpaceUnix or OverQuotaUnix or DiskFullWindows
            ? "the disk is full, expected room for the file"
            : $"writing failed ({error.Message})";
    }

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The error that brought us here is the one to report.
        }
    }
}
