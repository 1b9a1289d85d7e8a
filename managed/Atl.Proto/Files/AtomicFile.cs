using System.Runtime.ExceptionServices;

namespace Atl.Proto;

/// <summary>Writes a file so that its name holds the old content or the whole new one, whatever happens in
/// between.</summary>
internal static class AtomicFile
{
    /// <summary>The suffix of a file's name until the file is complete.</summary>
    public const string Unfinished = ".tmp";

    // How long a named pipe may have no reader.
    private static readonly TimeSpan ReadersDelay = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Writes to a temporary name in the same folder, brings the bytes to the disk, renames, and brings the folder to
    /// the disk. When anything fails the temporary file is removed and the old file is as it was. A device or a pipe
    /// (<c>/dev/stdout</c>, <c>/dev/null</c>) is written to and stays what it is; a pipe may have no reader for ten
    /// seconds.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes its bytes.</param>
    /// <param name="beforeName">Called when all bytes are on the disk, before the file takes its name.</param>
    /// <exception cref="AtlException">The folder is missing or not writable, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write, Action? beforeName = null)
    {
        PathKind kind = PathKinds.Of(path);
        if (kind is PathKind.Device or PathKind.Pipe)
        {
            WriteThrough(path, kind, write);
            beforeName?.Invoke();
            return;
        }
        string full = Path.GetFullPath(path);
        // One name for all attempts: what a killed process left half written, the next one replaces.
        string temporary = full + Unfinished;
        using IDisposable tracked = TemporaryPaths.Track(temporary);
        try
        {
            using (OutputFile stream = new(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            beforeName?.Invoke();
            File.Move(temporary, full, overwrite: true);
            FolderSync.FlushFolderOf(full);
        }
        catch (Exception thrown)
        {
            DeleteQuietly(temporary);
            // The library that writes HDF5 calls by reflection, also where the disk is full.
            Exception error = DiskFault.Unwrap(thrown);
            if (FileFault.Is(error))
                throw new AtlException($"{path}: {Explain(error, full)}; "
                    + $"{(File.Exists(full) ? "the file that was there is unchanged" : "nothing was written")}", error);
            ExceptionDispatchInfo.Throw(error);
        }
    }

    // What is written may go back and forth in its stream, as HDF5 does; a device cannot.
    private static void WriteThrough(string path, PathKind kind, Action<Stream> write)
    {
        string copy = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using IDisposable tracked = TemporaryPaths.Track(copy);
        try
        {
            using OutputFile whole = new(
                copy, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
            write(whole);
            whole.Position = 0;
            using FileStream target = kind == PathKind.Pipe ? PipeOutput.Open(path, ReadersDelay)
                : new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
            whole.CopyTo(target);
        }
        catch (Exception error) when (FileFault.Is(DiskFault.Unwrap(error)))
        {
            throw new AtlException($"{path}: {Explain(DiskFault.Unwrap(error), path)}", error);
        }
    }

    private static string Explain(Exception error, string path)
    {
        if (error is DirectoryNotFoundException)
            return $"the folder {Path.GetDirectoryName(path)} does not exist, expected one to write to";
        if (error is UnauthorizedAccessException)
            return Directory.Exists(path) ? "a folder has this name, expected a file"
                : $"no permission to write in {Path.GetDirectoryName(path)}";
        return DiskFault.IsFull(error)
            ? "the disk is full, expected room for the file"
            : $"writing failed ({error.Message})";
    }

    // The error that brought us here is the one to report.
    private static void DeleteQuietly(string path) => FileFault.Ignore(() => File.Delete(path));
}
