using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Atl.Images;

/// <summary>
/// Messages of libpng and libjpeg about an image. The libraries write them to C's standard error, without the image's
/// name and between the lines of the log. With the GNU C library (that of most Linux systems), a stream of Atl's takes
/// its place. It collects what a thread writes there while it decodes, and passes everything else on to standard error.
/// Only a program that owns its process may ask for that (<see cref="Collect"/>); otherwise the lines stay on standard
/// error.
/// </summary>
internal static unsafe class DecoderMessages
{
    private const int StandardError = 2, Unbuffered = 2, MostKept = 1 << 12;

    private static readonly Lock Gate = new();
    private static delegate* unmanaged<int, byte*, nint, nint> _write;

    [ThreadStatic]
    private static StringBuilder? _kept;

    /// <summary>
    /// Takes the lines from now on, for the whole process and until it ends. Does nothing where that is not possible,
    /// or a second time. Thread-safe.
    /// </summary>
    public static void Collect()
    {
        lock (Gate)
            if (_write is null) Replace();
    }

    private static void Replace()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess
            || !NativeLibrary.TryLoad("libc.so.6", out nint library)
            || !NativeLibrary.TryGetExport(library, "gnu_get_libc_version", out _)
            || !NativeLibrary.TryGetExport(library, "fopencookie", out nint open)
            || !NativeLibrary.TryGetExport(library, "setvbuf", out nint setBuffer)
            || !NativeLibrary.TryGetExport(library, "write", out nint write)
            || !NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "stderr", out nint place))
            return;
        _write = (delegate* unmanaged<int, byte*, nint, nint>)write;
        nint ours;
        fixed (byte* mode = "w\0"u8)
        {
            CookieFunctions functions = new() { Read = 0, Write = &Take, Seek = 0, Close = 0 };
            ours = ((delegate* unmanaged<nint, byte*, CookieFunctions, nint>)open)(0, mode, functions);
        }
        if (ours == 0 || ((delegate* unmanaged<nint, byte*, int, nint, int>)setBuffer)(ours, null, Unbuffered, 0) != 0)
            return;
        nint* current = (nint*)place;
        nint before = *current;
        *current = ours;
        // What is written while the process ends can no longer come to us.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => *(nint*)place = before;
    }

    /// <summary>Keeps from now on what this thread writes.</summary>
    internal static void Begin() => _kept = new StringBuilder();

    /// <summary>Ends that, and gives the lines that were written.</summary>
    internal static string[] End()
    {
        string text = _kept?.ToString() ?? "";
        _kept = null;
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Take(nint cookie, byte* bytes, nint count)
    {
        if (_kept is not { } kept) return _write(StandardError, bytes, count);
        if (kept.Length < MostKept) kept.Append(Encoding.UTF8.GetString(bytes, (int)Math.Min(count, MostKept)));
        return count;
    }

    // cookie_io_functions_t: what is not given does nothing.
    private struct CookieFunctions
    {
        public nint Read;
        public delegate* unmanaged[Cdecl]<nint, byte*, nint, nint> Write;
        public nint Seek, Close;
    }
}
