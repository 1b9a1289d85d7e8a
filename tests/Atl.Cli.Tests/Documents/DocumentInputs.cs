using Atl.Cli.CommandLine;

namespace Atl.Cli.Tests.Documents;

/// <summary>
/// What the reader of a document has before the first command: small files of the kinds that documents name. A file
/// is made where commands read it by its name before one of them has written it.
/// </summary>
internal static class DocumentInputs
{
    private static readonly Dictionary<string, DocumentInput> All = NetInputs.All.Concat(DetectorInputs.All)
        .Concat(FaceInputs.All).Concat(FeatureInputs.All).Concat(InsightFaceInputs.All).Concat(ToolInputs.All)
        .ToDictionary(input => input.Name);

    // What commands write: the values of these flags, and the arguments of these names.
    private static readonly string[] OutputFlags = ["out", "run", "tensorboard", "report", "draw", "json", "roc",
        "threshold"];

    private static readonly string[] OutputArguments =
        ["OUT", "OUTPUT_FILE", "OUTPUT_DIR", "OUTPUT_FOLDER", "DB_NAME", "save_feature_dataset_name"];

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
                DocumentInput? input = All.GetValueOrDefault(name) ?? All.GetValueOrDefault(name.Split('/')[0]);
                if (input is not null && seen.Add(input.Name) && !written.Contains(name)) input.Make(folder);
            }
        }
    }

    private static string Name(string word) => word.TrimEnd('/');

    private static IEnumerable<string> Outputs(ShellCommand line)
    {
        Command? command = Array.Find(Application.Commands, known => known.Name == line.Arguments.FirstOrDefault());
        // What the table has a fault with, the program refuses when it is run, with its line.
        if (command is null || CommandTable.Fault(line) is not null) return [];
        (List<string> words, FlagValues flags) =
            FlagParser.Parse([.. line.Arguments.Skip(1)], command.AllFlags, command.Name);
        flags.TakeWords(command, words);
        return
        [
            .. from flag in command.Flags where OutputFlags.Contains(flag.Name) select flags.Text(flag.Name),
            .. from argument in command.Arguments
               where OutputArguments.Contains(argument.Name)
               select flags.Argument(argument.Name),
        ];
    }
}
