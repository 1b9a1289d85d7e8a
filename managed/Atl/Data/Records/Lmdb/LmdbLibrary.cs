using System.Reflection;
using System.Runtime.InteropServices;
using Atl.Native;
using Atl.Proto;
using LightningDB;

namespace Atl.Data;

/// <summary>
/// Which LMDB library is used: the program's own or the system's 0.9, whose files Caffe reads and writes, before the
/// one that comes with LightningDB (LMDB 1.0, another format, and built for newer systems than some that we run on).
/// </summary>
internal static class LmdbLibrary
{
    private static readonly string[] Names = ["liblmdb.so.0", "liblmdb.0.dylib"];
    private static int _chosen;

    /// <summary>
    /// Opens an environment's file to write, without a lock file: LMDB maps that into memory, and a page of it for
    /// which a full disk has no room would end the process.
    /// </summary>
    /// <exception cref="AtlException">There is no LMDB library, or the file cannot be opened.</exception>
    public static LightningEnvironment Open(string folder, long mapSize)
    {
        if (Interlocked.Exchange(ref _chosen, 1) == 0)
            NativeLibrary.SetDllImportResolver(typeof(LightningEnvironment).Assembly, Resolve);
        LightningEnvironment? environment = null;
        try
        {
            environment = new LightningEnvironment(folder, new EnvironmentConfiguration { MapSize = mapSize });
            // Its finalizer would end the process by an exception; the writer closes it.
            GC.SuppressFinalize(environment);
            environment.Open(EnvironmentOpenFlags.NoLock);
            return environment;
        }
        catch (DllNotFoundException e)
        {
            throw new AtlException("the LMDB library is missing, expected liblmdb.so.0 (Debian's and Ubuntu's "
                + $"package liblmdb0); {NativePackages.Remedy("lmdb")}", e);
        }
        catch (LightningException e)
        {
            environment?.Dispose();
            // The code of the system is in the inner exception.
            LightningException cause = e.InnerException as LightningException ?? e;
            throw new AtlException(
                $"{folder}: the LMDB cannot be opened: {Explain((MDBResultCode)cause.StatusCode) ?? cause.Message}", e);
        }
    }

    /// <summary>Explains a system code that concerns the disk; null for all others.</summary>
    public static string? Explain(MDBResultCode code)
    {
        // LMDB calls it an input/output error (EIO) where the disk took a part of what was to be written.
        const int NoSpace = 28, OverQuota = 122, InputOutput = 5;
        return (int)code switch
        {
            NoSpace or OverQuota => "the disk is full",
            InputOutput when !OperatingSystem.IsWindows() => "the disk is full or fails (input/output error)",
            _ => null,
        };
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == "lmdb" ? NativeFiles.LoadFirst(Names) : 0;
}
