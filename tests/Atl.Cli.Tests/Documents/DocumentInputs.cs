using Atl.Cli.CommandLine;

namespace Atl.Cli.Tests.Documents;

/// <summary>
/// What the reader of a document has before the first command: small files of the kinds that documents name. A file is made where commands read it by
/// its name before one of them has written it.
/// </summary>
internal static class DocumentInputs
{
    private static readonly Dictionary<string, Action<string>> Makers = new(
        [.. NetInputs.Makers, .. DetectorInputs.Makers, .. FaceInputs.Makers, .. FeatureInputs.Makers, .. ToolInputs.Makers]);

    // What commands write: the values of these flags, and the arguments of these names.
    private static readonly string[] OutputFlags = ["out", "run", "tensorboard", "report", "draw", "json", "roc"];
    private static readonly string[] OutputArguments = ["OUT", "OUTPUT_FILE", "OUTPUT_DIR", "OUTPUT_FOLDER", "DB_NAME", "save_feature_dataset_name"];

    /// <summary>Makes the inputs of commands in a folder.</summary>
    public static void Make(string folder, IEnumerable<ShellCommand> commands)
    {
        HashSet<string> seen = [];
        foreach (ShellCommand command in commands)
        {
            HashSet<string> written = [.. Outputs(command).Select(Name)];
            foreach (string word in command.Arguments)
            {
                // BLOB=FILE names a file, too.
                string name = Name(word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..]);
                string key = Makers.ContainsKey(name) ? name : name.Split('/')[0];
                if (Makers.TryGetValue(key, out Action<string>? make) && seen.Add(key) && !written.Contains(name)) make(folder);
            }
        }
    }

    private static string Name(string word) => word.TrimEnd('/');

    private static IEnumerable<string> Outputs(ShellCommand words)
    {
        Command? command = Array.Find(Application.Commands, known => words.Arguments.FirstOrDefault() == known.Name);
        if (command is null) return [];
        (List<string> free, FlagValues flags) = FlagParser.Parse([.. words.Arguments.Skip(1)], command.AllFlags, command.Name);
        flags.TakeWords(command, free);
        return command.Flags.Where(flag => OutputFlags.Contains(flag.Name)).Select(flag => flags.Text(flag.Name))
            .Concat(command.Arguments.Where(argument => OutputArguments.Contains(argument.Name)).Select(argument => flags.Argument(argument.Name)));
    }
}
