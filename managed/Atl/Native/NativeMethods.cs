using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atl.Devices;

namespace Atl.Native;

/// <summary>
/// The C functions of the native library. NativeMethods.g.cs declares them; the build command <c>bindings</c> writes it
/// from native/include/atl. Arrays travel as <see cref="nint"/> addresses; callers have checked sizes and indices.
/// </summary>
internal static partial class NativeMethods
{
    /// <summary>The library's name for the loader.</summary>
    internal const string Library = "atl";

    static NativeMethods() => NativeFiles.Register(Library, AtlLibrary.Load);

    /// <summary>Turns a status other than ATL_OK into an exception with the native message.</summary>
    /// <exception cref="DeviceException">The call failed.</exception>
    internal static void Check(Status status)
    {
        if (status == Status.OutOfMemory) throw new DeviceMemoryException(0, $"{LastErrorText()} ({status})", "");
        if (status != Status.Ok) throw new DeviceException($"{LastErrorText()} ({status})");
    }

    /// <summary>
    /// As above, and keeps the owners of the memory that the call worked on from the garbage collector until it has
    /// returned: it would give the memory to others.
    /// </summary>
    /// <param name="status">What the call returned.</param>
    /// <param name="owners">Operators, tensors and whatever else has memory that the call was given.</param>
    /// <exception cref="DeviceException">The call failed.</exception>
    // Not inlined, so that the arguments are there after the call.
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Check(Status status, params ReadOnlySpan<object?> owners)
    {
        _ = owners.Length;
        Check(status);
    }

    private static string LastErrorText() => Marshal.PtrToStringUTF8(LastError()) ?? "";
}
