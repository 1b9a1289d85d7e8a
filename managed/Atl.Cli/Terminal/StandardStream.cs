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

    /// <summary>A patience without end.</summary>
    public const int Forever = -1;

    // A pipe that is ready takes so many bytes at once (PIPE_BUF).
    private const int AtOnce = 4096;

    private const int ReadOnly = 0, GetFlags = 1, NotInherited = 1;
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
        _isClosed = !OperatingSystem.IsWindows() && IsOfTheRuntime(descriptor);
        if (OperatingSystem.IsWindows())
            _windows = descriptor == Output ? Console.OpenStandardOutput() : Console.OpenStandardError();
    }

    /// <summary>
    /// Fills in standard streams that are closed (<c>2&gt;&amp;-</c>), so that no file which the program opens gets
    /// their numbers, and with them the log's lines. What stands in for them cannot be written.
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
    /// <param name="bytes">The bytes.</param>
    /// <param name="patience">
    /// How many milliseconds to wait where a pipe or a terminal is full since nobody reads it: then the rest is not
    /// written (<see cref="StreamFault.Stall"/>).
    /// </param>
    public StreamFault? Write(ReadOnlySpan<byte> bytes, int patience = Forever)
    {
        if (_windows is not null) return WriteOnWindows(bytes);
        if (_isClosed) return Fault(BadDescriptor);
        fixed (byte* start = bytes)
            for (int done = 0; done < bytes.Length;)
            {
                if (patience != Forever && !WaitUntilWritable(patience)) return StreamFault.Stall;
                int length = patience == Forever ? bytes.Length - done : Math.Min(bytes.Length - done, AtOnce);
                nint written = Write(_descriptor, start + done, length);
                if (written >= 0)
                {
                    done += (int)written;
                    continue;
                }
                int error = Marshal.GetLastPInvokeError();
                if (error == TryAgain)
                    _ = WaitUntilWritable(patience);
                else if (error != Interrupted)
                    return Fault(error);
            }
        return null;
    }

    // Where the streams were closed, files and pipes of the runtime have their numbers. What a program is started with
    // is inherited, and the runtime's own descriptors are not to be.
    private static bool IsOfTheRuntime(int descriptor) => (Control(descriptor, GetFlags) & NotInherited) != 0;

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
    private bool WaitUntilWritable(int patience)
    {
        Polled polled = new() { Descriptor = _descriptor, Events = Writable };
        return Poll(&polled, 1, patience) != 0;
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
