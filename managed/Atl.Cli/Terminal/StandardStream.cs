using System.Globalization;
using System.Runtime.InteropServices;

namespace Atl.Cli.Terminal;

/// <summary>
/// Writes bytes to standard output or standard error and says why it cannot. .NET's own streams throw on any fault, and
/// say nothing at all where the reader of a pipe has gone.
/// </summary>
internal sealed unsafe partial class StandardStream
{
    /// <summary>The descriptors of the system's standard streams.</summary>
    public const int Output = 1, Error = 2;

    private const int ReadOnly = 0, AccessMode = 3, GetFlags = 1, GetStatus = 3;
    private const short Writable = 4;
    private const int Interrupted = 4, InputOutput = 5, BadDescriptor = 9;
    private static readonly int TryAgain = OperatingSystem.IsLinux() ? 11 : 35;

    private readonly int _descriptor;
    private readonly bool _isTerminal, _isClosed;
    private readonly Stream? _windows;

    public StandardStream(int descriptor)
    {
        _descriptor = descriptor;
        // Asked now, since a terminal that has gone is none.
        _isTerminal = !(descriptor == Output ? Console.IsOutputRedirected : Console.IsErrorRedirected);
        _isClosed = OperatingSystem.IsLinux() && IsPipeOfTheRuntime(descriptor);
        if (OperatingSystem.IsWindows())
            _windows = descriptor == Output ? Console.OpenStandardOutput() : Console.OpenStandardError();
    }

    /// <summary>
    /// Fills in standard streams that are closed (<c>2&gt;&amp;-</c>), so that no file which the program opens gets their
    /// numbers, and with them the log's lines. What stands in for them cannot be written.
    /// </summary>
    public static void FillIn()
    {
        if (OperatingSystem.IsWindows()) return;
        // A new descriptor takes the lowest free number.
        for (int descriptor = 0; descriptor <= Error; descriptor++)
            if (Control(descriptor, GetFlags) < 0)
                _ = Open("/dev/null", ReadOnly);
    }

    /// <summary>Writes all bytes; returns null, or the system's error.</summary>
    public StreamFault? Write(ReadOnlySpan<byte> bytes)
    {
        if (_windows is not null) return WriteOnWindows(bytes);
        if (_isClosed) return Fault(BadDescriptor);
        fixed (byte* start = bytes)
            for (int done = 0; done < bytes.Length;)
            {
                nint written = Write(_descriptor, start + done, bytes.Length - done);
                if (written >= 0)
                {
                    done += (int)written;
                    continue;
                }
                int error = Marshal.GetLastPInvokeError();
                if (error == TryAgain)
                    WaitUntilWritable();
                else if (error != Interrupted)
                    return Fault(error);
            }
        return null;
    }

    // Where the streams were closed, the runtime's own pipes have their numbers: this process holds the end that reads, too.
    private static bool IsPipeOfTheRuntime(int descriptor)
    {
        const string Descriptors = "/proc/self/fd";
        if (Target($"{Descriptors}/{descriptor}") is not { } pipe || !pipe.StartsWith("pipe:", StringComparison.Ordinal)) return false;
        return Directory.EnumerateFileSystemEntries(Descriptors).Any(entry =>
            Target(entry) == pipe && (Control(int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture), GetStatus) & AccessMode) == ReadOnly);

        static string? Target(string link) => new FileInfo(link).LinkTarget;
    }

    private StreamFault Fault(int error) =>
        new(error, Marshal.GetPInvokeErrorMessage(error), error == InputOutput && _isTerminal);

    private StreamFault? WriteOnWindows(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _windows!.Write(bytes);
            return null;
        }
        catch (IOException e)
        {
            return new StreamFault(e.HResult, e.Message, IsHangup: false);
        }
    }

    // Another program has set the terminal or pipe that it shares with this one to not block.
    private void WaitUntilWritable()
    {
        Polled polled = new() { Descriptor = _descriptor, Events = Writable };
        _ = Poll(&polled, 1, -1);
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, byte* bytes, nint count);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(Polled* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct Polled
    {
        public int Descriptor;
        public short Events, Returned;
    }
}
