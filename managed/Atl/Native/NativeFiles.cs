using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Atl.Native;

/// <summary>
/// Finds native libraries whose files have other names on other systems, or that are checked when they are loaded.
/// </summary>
internal static class NativeFiles
{
    private static readonly ConcurrentDictionary<string, Loader> Loaders = new(StringComparer.Ordinal);

    // An assembly can have one resolver only, so all names go through this one.
    static NativeFiles() => NativeLibrary.SetDllImportResolver(typeof(NativeFiles).Assembly,
        (name, assembly, path) => Loaders.TryGetValue(name, out Loader? load) ? load(assembly, path) : 0);

    /// <summary>Loads a library for an assembly; 0 leaves it to the runtime.</summary>
    public delegate nint Loader(Assembly assembly, DllImportSearchPath? searchPath);

    /// <summary>Names the files that may hold a library of this assembly's imports.</summary>
    public static void Register(string library, params string[] files) => Register(library, (_, _) => LoadFirst(files));

    /// <summary>Says how a library of this assembly's imports is loaded.</summary>
    public static void Register(string library, Loader load) => Loaders[library] = load;

    /// <summary>The path of a file that lies beside native libraries: beside the program, or in its packages; the
    /// former where there is none.</summary>
    public static string Find(string file)
    {
        string beside = Path.Combine(AppContext.BaseDirectory, file);
        string packages = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return packages.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, file)).Prepend(beside).FirstOrDefault(File.Exists) ?? beside;
    }

    /// <summary>Loads the first file that there is: beside the program, then in its packages, then the system's; 0
    /// where there is none.</summary>
    public static nint LoadFirst(IEnumerable<string> files)
    {
        foreach (string file in files)
            if (NativeLibrary.TryLoad(Path.Combine(AppContext.BaseDirectory, file), out nint library)
                || NativeLibrary.TryLoad(file, typeof(NativeFiles).Assembly, null, out library))
                return library;
        return 0;
    }
}
