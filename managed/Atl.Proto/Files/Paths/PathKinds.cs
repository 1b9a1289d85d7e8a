using System.Collections.Frozen;
using System.Runtime.InteropServices;

namespace Atl.Proto;

/// <summary>
/// Tells files from what only looks like one: reading a pipe waits until somebody writes to it, and a device may have
/// no end.
/// </summary>
internal static unsafe partial class PathKinds
{
    // The numbers by which statfs tells the file systems that Linux makes up: proc, sysfs, debugfs, tracefs,
    // securityfs, configfs, both cgroups, bpf and selinuxfs.
    private static readonly FrozenSet<uint> SystemsOwn = ((uint[])
    [
        0x9fa0, 0x62656572, 0x64626720, 0x74726163, 0x73636673, 0x62656570, 0x27e0eb, 0x63677270, 0xcafe4a11,
        0xf97cff8c,
    ]).ToFrozenSet();

    /// <summary>The kind of a path.</summary>
    public static PathKind Of(string path) => Look(path).Kind;

    /// <summary>The identity of a file or folder, the same on every path to it; null if it does not exist.</summary>
    public static string? Identity(string path) => Look(path).Identity;

    /// <summary>A kind as messages name it.</summary>
    public static string Describe(PathKind kind) => kind switch
    {
        PathKind.Absent => "nothing",
        PathKind.File => "a file",
        PathKind.Folder => "a folder",
        PathKind.Pipe => "a named pipe",
        PathKind.Socket => "a socket",
        PathKind.System => "a file of the system's own (as in /proc)",
        _ => "a device",
    };

    /// <summary>Refuses a path at which there is something else than a file or nothing.</summary>
    /// <param name="path">The path.</param>
    /// <param name="expected">What the file is expected to be.</param>
    /// <exception cref="AtlException">A folder, pipe, socket or device is there.</exception>
    public static void CheckRegular(string path, string expected)
    {
        PathKind found = Of(path);
        if (found is PathKind.File or PathKind.Absent) return;
        throw new AtlException($"{PathText.Show(path)}: {Describe(found)}, expected "
            + $"{expected}{(found == PathKind.Folder ? "" : " in a regular file")}");
    }

    private static (PathKind Kind, string? Identity) Look(string path)
    {
        // No file can have this name.
        if (path.Contains('\0', StringComparison.Ordinal)) return (PathKind.Absent, null);
        if (OperatingSystem.IsLinux() && TryStatus(path) is { } status) return status;
        string full = Path.GetFullPath(path.Length > 0 ? path : ".");
        return File.Exists(path) ? (PathKind.File, full)
            : Directory.Exists(path)
                ? (PathKind.Folder, Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? full)
                : (PathKind.Absent, null);
    }

    // .NET does not tell pipes and devices from files; Linux does. Null where the function is missing or forbidden.
    private static (PathKind Kind, string? Identity)? TryStatus(string path)
    {
        const int WorkingFolder = -100, NotPermitted = 1, NotImplemented = 38;
        const uint TypeAndNumber = 0x101;
        Status status = default;
        try
        {
            if (GetStatus(WorkingFolder, path, 0, TypeAndNumber, &status) != 0)
                return Marshal.GetLastPInvokeError() is NotPermitted or NotImplemented ? null : (PathKind.Absent, null);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
        PathKind kind = (status.Mode & 0xF000) switch
        {
            0x1000 => PathKind.Pipe,
            0x4000 => PathKind.Folder,
            0x8000 => IsOfSystem(path) ? PathKind.System : PathKind.File,
            0xC000 => PathKind.Socket,
            _ => PathKind.Device,
        };
        return (kind, FormattableString.Invariant($"{status.DeviceMajor}:{status.DeviceMinor}:{status.Number}"));
    }

    private static bool IsOfSystem(string path)
    {
        // struct statfs begins with the file system's number in every Linux of 64 bits.
        const int StatusBytes = 256;
        byte* status = stackalloc byte[StatusBytes];
        return GetFileSystem(path, status) == 0 && SystemsOwn.Contains(*(uint*)status);
    }

    [LibraryImport("libc", EntryPoint = "statfs", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetFileSystem(string path, byte* status);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetStatus(int folder, string path, int flags, uint mask, Status* status);

    // struct statx of Linux, the same on every processor.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Number;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
