using System.Reflection;

namespace Atl.Proto;

/// <summary>Distinguishes faults of a disk from other errors.</summary>
internal static class DiskFault
{
    // The error code of a full disk on Linux and macOS (ENOSPC), over quota (EDQUOT), and on Windows (ERROR_DISK_FULL);
    // of a device that fails (EIO).
    private const int NoSpaceUnix = 28;
    private const int OverQuotaUnix = 122;
    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int InputOutputUnix = 5;

    /// <summary>The error code of a file that grows larger than allowed (EFBIG).</summary>
    internal const int TooLarge = 27;

    /// <summary>Whether an error means that the disk is full.</summary>
    public static bool IsFull(Exception error) =>
        error is IOException && error.HResult is NoSpaceUnix or OverQuotaUnix or DiskFullWindows;

    /// <summary>Whether an error, or one beneath it, means that the disk is full.</summary>
    public static bool IsFullBeneath(Exception error) => AtlException.Causes(error).Any(IsFull);

    /// <summary>
    /// Whether an error, or one beneath it, is the disk's: full, over quota or failing, rather than a path that cannot
    /// be written at all.
    /// </summary>
    public static bool Is(Exception error) => AtlException.Causes(error)
        .Any(e => IsFull(e) || (e is IOException && e.HResult is TooLarge or InputOutputUnix));

    /// <summary>The error that a library which calls by reflection has wrapped; else the error itself.</summary>
    public static Exception Unwrap(Exception error)
    {
        while (error is TargetInvocationException { InnerException: { } inner }) error = inner;
        return error;
    }
}
