using System.Runtime.InteropServices;
using System.Text;

namespace Atl.Cli.Terminal;

/// <summary>
/// The limit on files that the process may have open at once. If it is too low for the program's own libraries,
/// whatever needs the next file fails in words of its own: a library is not found, a type cannot be initialized.
/// </summary>
internal static unsafe partial class OpenFilesLimit
{
    private const ulong Fewest = 128, Usual = 1024;
    private const int NumberOfFiles = 7;

    /// <summary>Says on standard error, and returns false, where the limit is too low to begin.</summary>
    public static bool IsEnough()
    {
        Limits limits = default;
        if (!OperatingSystem.IsLinux() || GetLimits(NumberOfFiles, &limits) != 0 || limits.Now >= Fewest) return true;
        // The console's own library might be the first that is not found.
        byte[] line = Encoding.UTF8.GetBytes(FormattableString.Invariant(
            $"atl: too many open files: the limit is {limits.Now}, expected {Fewest} or more; raise it with ulimit -n {Usual}\n"));
        fixed (byte* bytes = line) _ = Write(StandardStream.Error, bytes, line.Length);
        return false;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimits(int resource, Limits* limits);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte* bytes, nint count);

    private struct Limits
    {
        public ulong Now, AtMost;
    }
}
