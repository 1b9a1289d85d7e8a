using System.Runtime.InteropServices;

namespace Atl.Cli.Terminal;

/// <summary>
/// A program started by nohup, or in the background of a script, inherits signals as ignored, and .NET then leaves them ignored. Caffe takes
/// them all the same, so that <c>kill -HUP</c> gets a snapshot out of a run under nohup.
/// </summary>
internal static partial class IgnoredSignals
{
    private const nint Default = 0;
    private const nint Ignored = 1;

    // Larger than any system's struct sigaction, which begins with the handler.
    private const int ActionBytes = 512;

    private const int Hangup = 1;
    private const int Interrupt = 2;

    /// <summary>Lets SIGHUP and SIGINT be handled where they are ignored; before their handlers are registered.</summary>
    public static void Accept()
    {
        if (OperatingSystem.IsWindows()) return;
        Accept(Hangup);
        Accept(Interrupt);
    }

    private static unsafe void Accept(int signal)
    {
        nint* action = stackalloc nint[ActionBytes / sizeof(nint)];
        if (GetAction(signal, 0, action) == 0 && *action == Ignored) SetHandler(signal, Default);
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static unsafe partial int GetAction(int signal, nint newAction, nint* oldAction);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
