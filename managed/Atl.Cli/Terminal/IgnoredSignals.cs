using System.Runtime.InteropServices;

namespace Atl.Cli.Terminal;

/// <summary>
/// A program started by nohup, or in the background of a script, inherits signals as ignored, and .NET then leaves them
/// ignored. Caffe takes them all the same, so that <c>kill -HUP</c> gets a snapshot out of a run under nohup.
/// </summary>
/// <remarks>
/// .NET looks once whether SIGINT is ignored: when the console, a process or a signal is first used, whichever is
/// first, and from then on never registers a handler for it. So this comes before all of them. The default action is no
/// way out, since a signal that arrives between it and the registration would end the program.
/// </remarks>
internal static partial class IgnoredSignals
{
    private const nint Ignored = 1;

    // Larger than any system's struct sigaction, which begins with the handler.
    private const int ActionBytes = 512;

    // SIGXFSZ, the same on Linux and macOS.
    private const int FileTooLarge = 25;

    private static readonly HashSet<PosixSignal> Inherited = [];

    /// <summary>
    /// Lets handlers be registered later for SIGHUP and SIGINT where they are ignored, and keeps them without effect
    /// until then; the first thing that a program does. (SIGTERM .NET itself takes, ignored or not.)
    /// </summary>
    public static void MakeAcceptable()
    {
        if (OperatingSystem.IsWindows()) return;
        // The system knows no second way to ignore a signal, but a handler that does nothing is as good: abs of the C
        // library takes an int, as handlers do.
        nint doesNothing = NativeLibrary.GetExport(NativeLibrary.Load("libc", typeof(IgnoredSignals).Assembly, null),
            "abs");
        // A file that grows over the limit of the process (ulimit -f) is then an error of the write and not the end.
        SetHandler(FileTooLarge, Ignored);
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGHUP, PosixSignal.SIGINT])
            if (MakeAcceptable(EndingSignals.NumberOf(signal), doesNothing))
                Inherited.Add(signal);
    }

    /// <summary>Whether the program was started with the signal ignored.</summary>
    public static bool WasIgnored(PosixSignal signal) => Inherited.Contains(signal);

    private static unsafe bool MakeAcceptable(int signal, nint doesNothing)
    {
        nint* action = stackalloc nint[ActionBytes / sizeof(nint)];
        if (GetAction(signal, 0, action) != 0 || *action != Ignored) return false;
        SetHandler(signal, doesNothing);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static unsafe partial int GetAction(int signal, nint newAction, nint* oldAction);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
