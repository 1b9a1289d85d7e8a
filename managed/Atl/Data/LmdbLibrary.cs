using System.Reflection;
using System.Runtime.InteropServices;
using Atl.Native;
using Atl.Proto;
using LightningDB;

namespace Atl.Data;

/// <summary>
/// Which LMDB library is used: the program's own or the system's 0.9, whose files Caffe reads and writes, before the one that comes with
/// LightningDB (LMDB 1.0, another format, and built for newer systems than some that we run on).
/// </summary>
internal static class LmdbLibrary
{
    private static readonly string[] Names = ["liblmdb.so.0", "liblmdb.0.dylib"];
    private static int _chosen;

    /// <summary>Opens an environment's file.</summary>
    /// <exception cref="AtlException">There is no LMDB library, or the file cannot be opened.</exception>
    public static LightningEnvironment Open(string folder, long mapSize, EnvironmentOpenFlags flags)
    {
        if (Interlocked.Exchange(ref _chosen, 1) == 0) NativeLibrary.SetDllImportResolver(typeof(LightningEnvironment).Assembly, Resolve);
        LightningEnvironment? environment = null;
        try
        {
            environment = WithoutFinalizer(
                mapSize > 0 ? new LightningEnvironment(folder, new EnvironmentConfiguration { MapSize = mapSize }) : new LightningEnvironment(folder));
            environment.Open(flags);
            return environment;
        }
        catch (DllNotFoundException e)
        {
            throw new AtlException("the LMDB library is missing, expected liblmdb.so.0 (Debian's and Ubuntu's package liblmdb0)", e);
        }
        catch (LightningException e)
        {
            environment?.Dispose();
            throw new AtlException($"{folder}: the LMDB cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Refuses a file that is shorter than it says: LMDB maps it into memory, and touching a page beyond its end would kill the process.</summary>
    /// <exception cref="AtlException">It is truncated.</exception>
    public static void CheckWhole(LightningEnvironment environment, string file)
    {
        long found = new FileInfo(file).Length, expected = (environment.Info.LastPageNumber + 1) * environment.EnvironmentStats.PageSize;
        if (found < expected) throw new AtlException($"{file}: truncated, {found:N0} bytes, expected {expected:N0} by its own page count");
    }

    /// <summary>
    /// Takes away the finalizer of an object of LightningDB's, which would end the process by an exception; who holds the object closes it.
    /// </summary>
    public static T WithoutFinalizer<T>(T held)
        where T : class
    {
        GC.SuppressFinalize(held);
        return held;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        return name == "lmdb" ? NativeFiles.LoadFirst(Names) : 0;
    }
}
