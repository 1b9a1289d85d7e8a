using System.Text;

namespace Atl.Build;

/// <summary>The native libraries that packages and published programs carry: Atl's own, those that it needs, and
/// those of its databases.</summary>
internal static class CarriedLibraries
{
    /// <summary>The newest glibc that a carried library may ask for; Ubuntu 22.04 and Debian 12 have it.</summary>
    public static readonly Version NewestGlibc = new(2, 34);

    private const string OneDnn = "libdnnl.so.2", OpenMp = "libgomp.so.1", OpenCl = "libOpenCL.so.1";
    private const string Native = "build/portable", Folder = "artifacts/native", Notices = "THIRD-PARTY-NOTICES.txt";

    // What glibc and .NET bring: .NET itself needs the C++ library and GCC's.
    private static readonly string[] OfTheSystem =
    [
        "ld-linux-x86-64.so.2", "libc.so.6", "libdl.so.2", "libgcc_s.so.1", "libm.so.6", "libpthread.so.0",
        "librt.so.1", "libstdc++.so.6",
    ];

    // With the packages of Debian that they are from, for their licenses.
    private static readonly (string Library, string Package)[] OfDebian =
    [
        (OneDnn, "libdnnl2"), (OpenMp, "libgomp1"), (OpenCl, "ocl-icd-libopencl1"), ("liblmdb.so.0", "liblmdb0"),
        ("libleveldb.so.1d", "libleveldb1d"), ("libsnappy.so.1", "libsnappy1v5"),
    ];

    // DT_RPATH holds for what oneDNN needs, too; DT_RUNPATH for what the library itself needs alone.
    private const string OldTags = "-DCMAKE_SHARED_LINKER_FLAGS=-Wl,--disable-new-dtags";

    private static readonly string[] Licenses = ["Apache-2.0", "GPL-3"];

    /// <summary>Builds Atl's library for any x86-64 with AVX2 and collects all libraries in a folder, with their
    /// licenses; gives the options of MSBuild that take them from there.</summary>
    public static string[] Collect()
    {
        string[] options =
            ["-DATL_NATIVE_ARCH=OFF", "-DATL_VERSIONED_NAME=OFF", "-DCMAKE_INSTALL_RPATH=$ORIGIN",
                "-DCMAKE_BUILD_WITH_INSTALL_RPATH=ON", OldTags];
        NativeBuild.Build(Native, OperatingSystem.IsLinux() ? options : options[..^1]);
        string[] build = [$"-p:AtlNativeDir={Path.GetFullPath(Native)}/"];
        if (!OperatingSystem.IsLinux()) return build;
        if (Directory.Exists(Folder)) Directory.Delete(Folder, true);
        Directory.CreateDirectory(Folder);
        foreach (string file in new[] { "libatl.so", "atl_kernels.fatbin" })
            if (File.Exists(Path.Combine(Native, file)))
                File.Copy(Path.Combine(Native, file), Path.Combine(Folder, file));
        foreach ((string library, _) in OfDebian)
            File.Copy(SystemLibrary.PathOf(library), Path.Combine(Folder, library));
        File.WriteAllText(Path.Combine(Folder, Notices), NoticesText());
        Check(Folder);
        return [.. build, $"-p:AtlCarried={Path.GetFullPath(Folder)}"];
    }

    /// <summary>Refuses a library that asks for a newer glibc than <see cref="NewestGlibc"/>, or for a library that the
    /// folder and every system with .NET lack.</summary>
    public static void Check(string folder)
    {
        string[] faults = [.. Directory.GetFiles(folder).Where(ElfFile.Is).SelectMany(file => Faults(file, folder))];
        if (faults.Length > 0) throw new BuildException(string.Join('\n', faults));
    }

    private static IEnumerable<string> Faults(string file, string folder)
    {
        ElfFile elf = ElfFile.Read(file);
        string name = Path.GetFileName(file);
        foreach (string needed in elf.Needed)
            if (!OfTheSystem.Contains(needed) && !File.Exists(Path.Combine(folder, needed)))
                yield return $"{name} needs {needed}, which is not carried and not among what .NET needs";
        if (elf.NewestVersion("GLIBC_") is { } glibc && glibc > NewestGlibc)
            yield return $"{name} asks for glibc {glibc}, expected {NewestGlibc} or older";
    }

    private static string NoticesText()
    {
        StringBuilder text = new("Atl carries these libraries, built by Debian, under their own licenses.\n");
        foreach ((string library, string package) in OfDebian)
            Append(text, $"{library} (Debian's package {package})", $"/usr/share/doc/{package}/copyright");
        foreach (string license in Licenses)
            Append(text, license, $"/usr/share/common-licenses/{license}");
        return text.ToString();
    }

    private static void Append(StringBuilder text, string title, string file)
    {
        if (!File.Exists(file))
            throw new BuildException($"{title}: no license in {file}; packages are built on Debian or Ubuntu");
        text.Append('\n').Append('=', 80).Append('\n').Append(title).Append("\n\n").Append(File.ReadAllText(file));
    }
}
