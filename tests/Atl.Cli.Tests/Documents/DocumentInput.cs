namespace Atl.Cli.Tests.Documents;

/// <summary>A file or folder of a name that documents use, and what makes it.</summary>
/// <param name="Name">The path below the folder in which the commands run.</param>
/// <param name="Make">Makes it in that folder.</param>
internal sealed record DocumentInput(string Name, Action<string> Make)
{
    /// <summary>An input that is made by its own path.</summary>
    public static DocumentInput At(string name, Action<string> make) =>
        new(name, folder => make(Path.Combine(folder, name)));

    /// <summary>A text file.</summary>
    public static DocumentInput Text(string name, string text) => At(name, path => File.WriteAllText(path, text));

    /// <summary>A text file of lines.</summary>
    public static DocumentInput Lines(string name, IEnumerable<string> lines) =>
        At(name, path => File.WriteAllLines(path, lines));
}
