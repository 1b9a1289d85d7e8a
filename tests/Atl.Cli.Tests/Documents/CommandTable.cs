using System.Text.RegularExpressions;
using Atl.Build;
using Atl.Cli.CommandLine;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Documents;

/// <summary>
/// Holds commands that are not run against what there is: the commands and flags of atl, the commands of build.cs, and
/// the files, options and targets of the repository.
/// </summary>
internal static class CommandTable
{
    private const string Placeholder = "COMMAND";

    private static readonly string[] Caffe = ["train", "test", "time", "device_query"];

    private static readonly Lazy<string> CMakeFiles =
        new(() => Sources("CMakeLists.txt") + Sources("native", "CMakeLists.txt", "*.cmake"));

    private static readonly Lazy<string> ProjectFiles =
        new(() => Sources("*.props") + Sources("managed", "*.csproj", "*.props", "*.targets"));

    private static readonly Lazy<string> TestSources = new(() => Sources("tests", "*.cs", "CMakeLists.txt"));

    // The commands of build.cs and the programs that they run, which lie beside the tests.
    private static readonly Lazy<string> BuildSources =
        new(() => TestSources.Value + Sources("managed/Atl.Build", "*.cs"));

    /// <summary>What is wrong with a command; null where nothing is.</summary>
    /// <param name="command">The command.</param>
    /// <param name="fragment">
    /// Whether it may leave out what it needs and may have words in the place of values, as in prose.
    /// </param>
    public static string? Fault(ShellCommand command, bool fragment = false)
    {
        string[] arguments = [.. command.Arguments];
        return command.Program switch
        {
            "atl" => Atl(arguments, fragment),
            "caffe" when arguments is [var verb, ..] && !Caffe.Contains(verb) => $"caffe has no command '{verb}'",
            "caffe" => Atl(arguments, fragment),
            "dotnet" => Dotnet(arguments),
            "cmake" => CMake(arguments),
            "make" or "ctest" => null,
            var path when path.Contains('/', StringComparison.Ordinal) => Script(path, arguments),
            var other => $"no rule knows the program '{other}'",
        };
    }

    private static string? Atl(string[] arguments, bool fragment)
    {
        if (arguments.Length == 0) return fragment ? null : "atl needs a command";
        if (arguments[0] == "help") return arguments is [_] or [_, Placeholder] ? null : Unknown(arguments[1]);
        Command? command = Array.Find(Application.Commands, known => known.Name == arguments[0]);
        if (command is null) return Unknown(arguments[0]);
        if (fragment)
            return arguments.Where(FlagParser.IsFlag)
                .Select(flag => flag.TrimStart('-').Split('=')[0].Replace('-', '_'))
                .Where(name => !command.AllFlags.Any(flag => IsName(flag, name)))
                .Select(name => $"{command.Name} has no flag '-{name}'").FirstOrDefault();
        try
        {
            (List<string> words, FlagValues flags) = FlagParser.Parse(arguments[1..], command.AllFlags, command.Name);
            flags.TakeWords(command, words);
            return null;
        }
        catch (UsageException e)
        {
            return e.Message;
        }
    }

    private static bool IsName(Flag flag, string name) =>
        name == flag.Name || (flag.Kind == FlagKind.Switch && name == $"no{flag.Name}");

    private static string? Unknown(string word) =>
        Array.Exists(Application.Commands, command => command.Name == word) ? null : $"atl has no command '{word}'";

    private static string? Dotnet(string[] arguments) => arguments switch
    {
        ["run", "build.cs", "--", var command, .. var rest] => BuildCommand(command, rest),
        ["run", "--project", var project, .. var rest] => Exists(project)
            ? Atl(rest[(Array.IndexOf(rest, "--") + 1)..], false)
            : $"no project {project}",
        ["build", var project, .. var options] => Exists(project)
            ? options.Where(option => Starts(option, "-p:")).Select(option => option[3..].Split('=')[0])
                .Where(property => !ProjectFiles.Value.Contains(property, StringComparison.Ordinal))
                .Select(property => $"no project reads the property {property}").FirstOrDefault()
            : $"no project {project}",
        ["add", "package", var package] => Package(package),
        ["tool", "install", var package] => Package(package),
        _ => $"'dotnet {string.Join(' ', arguments)}' is not understood",
    };

    private static string? Package(string name) =>
        NuGetPackages.Projects.Contains(name) ? null : $"build.cs pack makes no package {name}";

    private static string? BuildCommand(string command, string[] arguments)
    {
        if (command == Placeholder) return null;
        if (!Array.Exists(BuildCommands.All, known => known.Name == command)) return $"build.cs has no command '{command}'";
        foreach (string argument in arguments)
        {
            // [FILTER] and the like stand for words of the user's.
            if (argument.StartsWith('[')) continue;
            bool option = Starts(argument, "--");
            if (option && !BuildSources.Value.Contains($"\"{argument}\"", StringComparison.Ordinal))
                return $"build.cs {command} has no option {argument}";
            bool filter = !option && command == "test";
            if (filter && !TestSources.Value.Contains(argument, StringComparison.OrdinalIgnoreCase))
                return $"no test's name holds '{argument}'";
        }
        return null;
    }

    private static string? CMake(string[] arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (argument == "-S" && !Exists(arguments[i + 1])) return $"no folder {arguments[i + 1]}";
            if (argument == "--target" && !IsInCMakeFiles(arguments[i + 1]))
                return $"no CMakeLists.txt has the target {arguments[i + 1]}";
            string variable = Starts(argument, "-D") ? argument[2..].Split('=')[0] : "CMAKE_";
            if (!Starts(variable, "CMAKE_") && !IsInCMakeFiles(variable)) return $"no CMakeLists.txt reads {variable}";
        }
        return null;
    }

    private static bool IsInCMakeFiles(string word) => Regex.IsMatch(CMakeFiles.Value, $@"\b{Regex.Escape(word)}\b");

    private static string? Script(string path, string[] arguments)
    {
        if (!Exists(path)) return $"no file {path}";
        string text = Source(path);
        return arguments.Where(argument => Starts(argument, "--") && !text.Contains(argument, StringComparison.Ordinal))
            .Select(argument => $"{path} has no option {argument}").FirstOrDefault();
    }

    private static bool Exists(string path) => Path.Exists(Path.Combine(TestData.RepositoryRoot, path));

    private static string Source(string path) => File.ReadAllText(Path.Combine(TestData.RepositoryRoot, path));

    private static bool Starts(string word, string start) => word.StartsWith(start, StringComparison.Ordinal);

    // The text of the files at the repository's root.
    private static string Sources(string pattern) =>
        string.Concat(Directory.GetFiles(TestData.RepositoryRoot, pattern).Select(File.ReadAllText));

    // The text of the files in a folder of the repository and below it.
    private static string Sources(string folder, params string[] patterns)
    {
        string built = $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}";
        string path = Path.Combine(TestData.RepositoryRoot, folder);
        return string.Concat(patterns
            .SelectMany(pattern => Directory.GetFiles(path, pattern, SearchOption.AllDirectories))
            .Where(file => !file.Contains(built, StringComparison.Ordinal)).Select(File.ReadAllText));
    }
}
