using Atl.Fuzz.Formats;

namespace Atl.Fuzz.Running;

/// <summary>Keeps inputs that did what they must not, in build/fuzz/FORMAT, with the commands that show it.</summary>
/// <param name="options">The run's options.</param>
/// <param name="format">The format.</param>
internal sealed class FaultStore(FuzzOptions options, FuzzFormat format)
{
    private readonly string _folder = Path.Combine(options.Found, format.Name);
    private readonly HashSet<string> _seen = [];

    /// <summary>Keeps the first input of each fault.</summary>
    /// <returns>Its folder; null where the fault is known.</returns>
    /// <param name="label">What the case is called.</param>
    /// <param name="fault">What it did.</param>
    /// <param name="save">Writes the case to a folder.</param>
    public string? Keep(string label, Fault fault, Action<string> save)
    {
        if (!_seen.Add(fault.Signature)) return null;
        string folder =
            Path.Combine(_folder,
                $"{options.Seed}-{label.Split(':')[0].Replace('/', '-').Replace(' ', '-')}-{_seen.Count}");
        if (Directory.Exists(folder)) Directory.Delete(folder, true);
        save(Path.Combine(folder, FuzzCase.InputFolder));
        CopyScene();
        File.CreateSymbolicLink(Path.Combine(folder, Scene.Folder), Path.Combine("..", Scene.Folder));
        File.WriteAllText(
            Path.Combine(folder, "fault.txt"),
            $"{fault.Kind}: {fault.Message}\n\n{Again(label)}\n"
                + $"cd {folder} && mkdir -p {FuzzCase.OutputFolder} && {fault.Line}\n");
        return folder;
    }

    /// <summary>The command that runs a case again.</summary>
    public string Again(string label)
    {
        string command = $"dotnet run build.cs -- fuzz {format.Name} --seed {options.Seed}";
        if (options.Input is { } file) return $"dotnet run build.cs -- fuzz {format.Name} --input {file}";
        return label.StartsWith("mutant ", StringComparison.Ordinal) ? $"{command} --mutant {label["mutant ".Length..]}"
            : $"{command} --mutants 0";
    }

    private void CopyScene()
    {
        string target = Path.Combine(_folder, Scene.Folder), source = Path.Combine(options.Work, Scene.Folder);
        if (Directory.Exists(target)) return;
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
