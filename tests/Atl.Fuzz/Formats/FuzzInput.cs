namespace Atl.Fuzz.Formats;

/// <summary>A file to damage.</summary>
/// <param name="File">Its name in the case's folder, which may be in a folder there.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record FuzzInput(string File, byte[] Content)
{
    /// <summary>Files that must be there too, such as the others of a database; they stay as they are.</summary>
    public IReadOnlyList<FuzzInput> Beside { get; init; } = [];

    /// <summary>A folder's file, with the others of the folder beside it.</summary>
    /// <param name="folder">The folder, whose name the input keeps.</param>
    /// <param name="file">The file in it that is damaged.</param>
    public static FuzzInput InFolder(string folder, string file)
    {
        string name = Path.GetFileName(folder);
        return new FuzzInput($"{name}/{file}", System.IO.File.ReadAllBytes(Path.Combine(folder, file)))
        {
            Beside =
            [
                .. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                    .Select(path => (Path: path, Name: Path.GetRelativePath(folder, path)))
                        .Where(other => other.Name != file)
                    .Select(other => new FuzzInput($"{name}/{other.Name}", System.IO.File.ReadAllBytes(other.Path))),
            ],
        };
    }

    /// <summary>The same file with other content.</summary>
    public FuzzInput With(byte[] content) => this with { Content = content };

    /// <summary>Writes the file and those beside it below a folder.</summary>
    public void Write(string folder)
    {
        string path = Path.Combine(folder, File);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, Content);
        foreach (FuzzInput other in Beside) other.Write(folder);
    }
}
