using System.Text.RegularExpressions;

namespace Atl.Build;

/// <summary>
/// The components of a Debian or Ubuntu archive that have the CUDA compiler, from the mirrors that the machine uses
/// already.
/// </summary>
internal static partial class AptComponents
{
    private static readonly (string Origin, string Components)[] Archives =
        [("Debian", "contrib non-free"), ("Ubuntu", "multiverse")];

    /// <summary>
    /// Files for sources.list.d, name and text: those in which apt finds the archive's component main, with the others
    /// in its place.
    /// </summary>
    /// <exception cref="BuildException">apt knows no such archive.</exception>
    public static IReadOnlyList<(string Name, string Text)> Sources()
    {
        (string, string)[] files =
        [
            .. from archive in Archives
               from file in FilesOf(archive.Origin)
               group Changed(File.ReadAllText(file), archive.Components) by Path.GetExtension(file) into texts
               select ($"atl-cuda{texts.Key}", string.Join('\n', texts)),
        ];
        return files.Length > 0 ? files : throw new BuildException("apt-get indextargets names no package source of "
            + $"{string.Join(" or ", Archives.Select(archive => archive.Origin))} with the component main, to which "
            + "the one of the CUDA compiler could be added");
    }

    /// <summary>A file of package sources with other components in the place of its own.</summary>
    /// <param name="text">The file's text, in either of apt's formats.</param>
    /// <param name="components">The components.</param>
    public static string Changed(string text, string components) =>
        Components().Replace(text, match => match.Groups["start"].Value + components);

    // SOURCESENTRY is FILE:NUMBER.
    private static IEnumerable<string> FilesOf(string origin) =>
        Shell.Capture("apt-get", "indextargets", "--format", "$(SOURCESENTRY)", "Created-By: Packages",
            "Component: main", $"Origin: {origin}").Output.Split('\n')
        .Where(entry => entry.StartsWith('/')).Select(entry => entry[..entry.LastIndexOf(':')]).Distinct();

    // "Components: main" with the lines that go on with it, or what follows "deb [options] URI SUITE".
    [GeneratedRegex(@"^(?:(?<start>Components:[ \t]*)[^\n]*(?:\n[ \t][^\n]*)*"
        + @"|(?<start>deb(?:-src)?[ \t]+(?:\[[^]\n]*\][ \t]+)?\S+[ \t]+\S+[ \t]+)[^\n]*)",
        RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Components();
}
