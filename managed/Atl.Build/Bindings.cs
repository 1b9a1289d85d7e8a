namespace Atl.Build;

/// <summary>The C# side of the native library, which managed/Atl.Bindgen writes.</summary>
internal static class Bindings
{
    private const string Project = "managed/Atl.Bindgen";

    // The messages of NuGet for a package or a version of it that no source has, and for a source that does not answer.
    private static readonly string[] NoPackage = ["NU1101", "NU1102", "NU1301"];

    /// <summary>Writes or compares the binding; gives the exit code.</summary>
    public static int Run(string[] options)
    {
        bool check = false;
        List<string> properties = ["-p:WithCppSharp=true"];
        for (int i = 0; i < options.Length; i++)
        {
            if (options[i] == "--check") check = true;
            else if (options[i] == "--cppsharp" && i + 1 < options.Length)
                properties.Add($"-p:CppSharpFolder={Folder(options[++i])}");
            else throw new BuildException($"bindings takes --check and --cppsharp FOLDER, found '{options[i]}'");
        }
        (int code, string output) = Shell.Capture(
            "dotnet", ["build", Project, "-c", "Release", "-v", "quiet", "-nologo", "-tl:off", .. properties]);
        if (code != 0 && NoPackage.Any(output.Contains))
            throw new BuildException("bindings needs CppSharp, and no NuGet source of this machine has the package; "
                + "add one that has it (dotnet nuget add source), or pass --cppsharp FOLDER with a build of it",
                BuildException.MissingTool);
        if (code != 0) throw new BuildException($"{Project} does not compile:\n{output}");
        string program = Path.Combine(Project, "bin", "Release", "net10.0", "Atl.Bindgen.dll");
        return Shell.Start("dotnet", check ? [program, "--check"] : [program], null);
    }

    private static string Folder(string given) => File.Exists(Path.Combine(given, "CppSharp.Parser.dll"))
        ? Path.GetFullPath(given)
        : throw new BuildException($"{given} has no CppSharp.Parser.dll; expected a folder with CppSharp's "
            + "assemblies and native libraries");
}
