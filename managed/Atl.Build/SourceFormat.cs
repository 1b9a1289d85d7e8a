namespace Atl.Build;

/// <summary>The form of the C, C++ and CUDA sources, as .clang-format has it.</summary>
internal static class SourceFormat
{
    private static readonly string[] Folders = ["native", "tests"];
    private static readonly string[] Extensions = [".c", ".h", ".hpp", ".cpp", ".cu", ".cuh"];
    private static readonly string[] Built = ["bin", "obj"];

    /// <summary>Formats the sources, or compares them; gives the exit code.</summary>
    public static int Run(string[] options)
    {
        if (options is not ([] or ["--check"]))
            throw new BuildException($"format takes --check alone, found: {string.Join(" ", options)}");
        string program = Machine.PrepareClangFormat();
        string[] files = [.. Folders.SelectMany(Sources).Order(StringComparer.Ordinal)];
        int code = Shell.Start(program, [.. options is [] ? new[] { "-i" } : ["--dry-run", "-Werror"], .. files], null);
        if (code != 0 && options is not [])
            throw new BuildException("sources are not formatted; run dotnet run build.cs -- format and commit them");
        return code;
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => Extensions.Contains(Path.GetExtension(file)) && !file.Split(Path.DirectorySeparatorChar)
            .Any(Built.Contains));
}
