using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Atl.Proto;

/// <summary>
/// Opens a named pipe to write to. Linux waits for a reader without end, in a call that no signal ends; here
/// the wait has one.
/// </summary>
internal static partial class PipeOutput
{
    // Of Linux, the same on every processor that .NET runs on.
    private const int WriteOnly = 1, NonBlocking = 0x800, CloseOnExec = 0x80000, SetFlags = 4;
    private const int NoReader = 6;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Opens a pipe as soon as somebody reads it.</summary>
    /// <param name="path">The pipe.</param>
    /// <param name="patience">How long to wait for a reader.</param>
    /// <exception cref="IOException">Nobody reads it, or it cannot be opened.</exception>
    public static FileStream Open(string path, TimeSpan patience)
    {
        if (!OperatingSystem.IsLinux())
            return new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        long begin = Stopwatch.GetTimestamp();
        int descriptor;
        while ((descriptor = Open(path, WriteOnly | NonBlocking | CloseOnExec)) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != NoReader) throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
            if (Stopwatch.GetElapsedTime(begin) > patience)
                throw new IOException(FormattableString.Invariant(
                    $"nobody has opened the pipe to read in {patience.TotalSeconds:0.#} seconds"), error);
            Thread.Sleep(Pause);
        }
        SafeFileHandle handle = new(descriptor, ownsHandle: true);
        // A reader may be slower than we are.
        if (Control(descriptor, SetFlags, WriteOnly) < 0)
        {
            handle.Dispose();
            throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
        }
        return new FileStream(handle, FileAccess.Write, bufferSize: 0);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int value);
}
