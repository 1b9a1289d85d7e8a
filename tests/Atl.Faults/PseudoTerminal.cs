using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Atl.Faults;

/// <summary>A terminal that a program may have as its own. When it is disposed it is gone for the program, as when a
/// connection drops.</summary>
internal sealed partial class PseudoTerminal : IDisposable
{
    // O_RDWR, O_NOCTTY, O_CLOEXEC: a program that inherits this end keeps the terminal.
    private const int Flags = 2 | 0x100 | 0x80000, NameLength = 128;

    private readonly FileStream _controller;

    /// <summary>Makes one.</summary>
    /// <exception cref="IOException">The system has none left.</exception>
    public unsafe PseudoTerminal()
    {
        int controller = OpenController(Flags);
        byte* name = stackalloc byte[NameLength];
        if (controller < 0 || Grant(controller) != 0 || Unlock(controller) != 0
            || NameOf(controller, name, NameLength) != 0)
            throw new IOException("the system gives no pseudo terminal");
        Name = Marshal.PtrToStringUTF8((nint)name)!;
        _controller = new FileStream(new SafeFileHandle(controller, true), FileAccess.Read, 1);
    }

    /// <summary>The path by which a program opens it.</summary>
    public string Name { get; }

    /// <summary>Reads what the program prints until a text has come; false where it has ended before.</summary>
    public bool ReadUntil(string text)
    {
        StringBuilder seen = new();
        byte[] bytes = new byte[1 << 12];
        try
        {
            while (!seen.ToString().Contains(text, StringComparison.Ordinal))
            {
                int count = _controller.Read(bytes);
                if (count == 0) return false;
                seen.Append(Encoding.UTF8.GetString(bytes, 0, count));
            }
            return true;
        }
        catch (IOException)
        {
            // So the system tells that no program has the terminal any more.
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _controller.Dispose();

    [LibraryImport("libc", EntryPoint = "posix_openpt")]
    private static partial int OpenController(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    private static partial int Grant(int controller);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int Unlock(int controller);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static unsafe partial int NameOf(int controller, byte* name, nuint length);
}
