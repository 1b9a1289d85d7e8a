using System.Runtime.InteropServices;

namespace Atl.Build;

/// <summary>A library of this machine's.</summary>
internal static class SystemLibrary
{
    /// <summary>The file of a library, as the process that has loaded it knows it.</summary>
    public static string PathOf(string name)
    {
        if (!NativeLibrary.TryLoad(name, out nint handle))
            throw new BuildException($"{name} cannot be loaded, and packages carry it");
        // The name is a link, and the file that it leads to may have another version in its name: libleveldb.so.1d is
        // libleveldb.so.1.23.0.
        string stem = name[..(name.IndexOf(".so", StringComparison.Ordinal) + ".so".Length)];
        string? path = File.ReadLines("/proc/self/maps").Select(line => line.Split(' ')[^1])
            .FirstOrDefault(file => Path.GetFileName(file).StartsWith(stem, StringComparison.Ordinal));
        NativeLibrary.Free(handle);
        return path ?? throw new BuildException($"{name} is loaded from an unknown place");
    }
}
