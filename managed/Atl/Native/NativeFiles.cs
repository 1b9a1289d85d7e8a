using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Atl.Native;

/// <summary>Finds native libraries whose files have other names on other systems.</summary>
internal static class NativeFiles
{
    private static readonly ConcurrentDictionary<string, string[]> Names = new(StringComparer.Ordinal);

    // An assembly can have one resolver only, so all names go through this one.
    static NativeFiles() => NativeLibrary.SetDllImportResolver(
        typeof(NativeFiles).Assembly, (name, _, _) => Names.TryGetValue(name, out string[]? files) ? LoadFirst(files) : 0);

    /// <summary>Names the files that may hold a library of this assembly's imports.</summary>
    public static void Register(string library, params string[] files) => Names[library] = files;

    /// <summary>Loads the first file that there is: beside the program before the system's; 0 where there is none.</summary>
    public static nint LoadFirst(IEnumerable<string> files)
    {
        foreach (string file in files)
            if (NativeLibrary.TryLoad(Path.Combine(AppContext.BaseDirectory, file), out nint library) || NativeLibrary.TryLoad(file, out library))
                return library;
        return 0;
    }
}
