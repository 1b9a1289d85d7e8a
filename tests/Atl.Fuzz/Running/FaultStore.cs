using Atl.Fuzz.Formats;

namespace Atl.Fuzz.Running;

/// <summary>Keeps inputs that did what they must not, in build/fuzz/FORMAT, with the commands that show it.</summary>
/// <param name="options">The run's options.</param>
/// <param name="format">The format.</param>
internal sealed class FaultStore(FuzzOptions options, FuzzFormat format)
{
    private const string SceneFolder = "scene";

    private readonly string _folder = Path.Combine(options.Found, format.Name);
    private readonly HashSet<string> _seen = [];

    /// <summary>Keeps the first input of each fault; gives its folder, or null where the fault is known.</summary>
    public string? Keep(int index, string label, Fault fault)
    {
        if (!_seen.Add(fault.Signature)) return null;
        string folder = Path.Combine(_folder, $"{options.Seed}-{label.Split(':')[0].Replace('/', '-').Replace(' ', '-')}-{_seen.Count}");
        if (Directory.Exists(folder)) Directory.Delete(folder, true);
        Input(index, label).Write(folder);
        CopyScene();
        string line = fault.Line.Replace($"{FuzzCase.InputFolder}/", $"{Path.GetFileName(folder)}/", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "fault.txt"), $"{fault.Kind}: {fault.Message}\n\n{Again(label)}\n"
            + $"cd {_folder} && mkdir -p out && {line}\n");
        return folder;
    }

    /// <summary>The command that runs a case again.</summary>
    public string Again(string label)
    {
        string command = $"dotnet run build.cs -- fuzz {format.Name} --seed {options.Seed}";
        if (options.Input is { } file) return $"dotnet run build.cs -- fuzz {format.Name} --input {file}";
        return label.StartsWith("mutant ", StringComparison.Ordinal) ? $"{command} --mutant {label["mutant ".Length..]}" : $"{command} --mutants 0";
    }

    private FuzzInput Input(int index, string label)
    {
        string before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = options.Work;
        try
        {
            CaseSource cases = Worker.MakeCases(format, options);
            return options.Input is { } file && label.StartsWith("file", StringComparison.Ordinal)
                ? cases.InPlaceOf(file)
                : cases.Get(index).Input;
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    private void CopyScene()
    {
        string target = Path.Combine(_folder, SceneFolder), source = Path.Combine(options.Work, SceneFolder);
        if (Directory.Exists(target)) return;
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
