namespace Atl.Native;

/// <summary>Which package brings a native library, for errors that name the remedy.</summary>
internal static class NativePackages
{
    private static readonly Dictionary<string, string> Packages = new(StringComparer.Ordinal)
    {
        [NativeMethods.Library] = "Atl",
        ["leveldb"] = "Atl",
        ["lmdb"] = "Atl",
        ["OpenCvSharpExtern"] = "Atl.Images",
    };

    /// <summary>The package that brings a library and the command that installs it; null for libraries of
    /// others.</summary>
    public static string? Remedy(string library) => Packages.TryGetValue(library, out string? package)
        ? $"the package {package} has it for Linux on x86-64: run `dotnet add package {package}`" : null;
}
