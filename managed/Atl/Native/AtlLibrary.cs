using System.Reflection;
using System.Runtime.InteropServices;
using Atl.Devices.Cpu;

namespace Atl.Native;

/// <summary>
/// Loads Atl's own native library, and says what is wrong with one that is missing, of another version, or made for
/// another processor.
/// </summary>
internal static unsafe class AtlLibrary
{
    /// <summary>Loads the library as the runtime finds it, and checks it before anything else of it runs.</summary>
    /// <exception cref="NativeLibraryException">It cannot be loaded, or not be used.</exception>
    public static nint Load(Assembly assembly, DllImportSearchPath? searchPath)
    {
        OpenMpWaiting.Shorten();
        try
        {
            nint library = NativeLibrary.Load(NativeMethods.Library, assembly, searchPath);
            Verify(library);
            return library;
        }
        catch (DllNotFoundException e)
        {
            throw new NativeLibraryException(
                $"the native library '{NativeMethods.Library}' cannot be loaded: {LibraryFault.Reason(e)}; "
                    + $"{NativePackages.Remedy(NativeMethods.Library)}; in a clone of Atl, run "
                    + "`dotnet run build.cs -- native`");
        }
    }

    /// <summary>Checks a library that was loaded.</summary>
    /// <exception cref="NativeLibraryException">
    /// It is of another version, or this processor lacks what it was compiled for.
    /// </exception>
    public static void Verify(nint library)
    {
        const int Major = NativeConstants.VersionMajor, Minor = NativeConstants.VersionMinor;
        bool tells = NativeLibrary.TryGetExport(library, "atl_version", out nint version);
        string found = tells ? Text(version) : "an earlier one";
        if (!found.StartsWith($"{Major}.{Minor}.", StringComparison.Ordinal))
            throw new NativeLibraryException(
                $"the native library '{NativeMethods.Library}' has another version than the program: {found}, expected "
                    + $"{NativeConstants.Version}; `dotnet run build.cs -- native` builds the matching one");
        nint check = NativeLibrary.GetExport(library, "atl_check_processor");
        if (((delegate* unmanaged<Status>)check)() != Status.Ok)
            throw new NativeLibraryException(Text(NativeLibrary.GetExport(library, "atl_last_error")));
    }

    private static string Text(nint function) => Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)function)()) ?? "";
}
