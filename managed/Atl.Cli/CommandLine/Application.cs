using System.Globalization;
using System.Reflection;
using Atl.Cli.Commands;
using Atl.Cli.Terminal;
using Atl.Native;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Cli.CommandLine;

/// <summary>The program: finds the command, reads its flags, runs it, and turns errors into one line and an exit
/// code.</summary>
internal static class Application
{
    private const int Failed = 1;
    private const int WrongUsage = 2;
    private const int Incomplete = 3;

    // What a shell reports for programs that SIGPIPE ends, as it does those that read on when "| head" has enough.
    private const int ClosedPipe = 141;

    /// <summary>All commands, in the order in which the help text shows them.</summary>
    public static readonly Command[] Commands =
    [
        new TrainCommand(),
        new TestCommand(),
        new TimeCommand(),
        new RunCommand(),
        new SummaryCommand(),
        new LintCommand(),
        new ParseLogCommand(),
        new PlotTrainingLogCommand(),
        new DrawNetCommand(),
        new LayersCommand(),
        new DemoCommand(),
        new ReportCommand(),
        new DetectCommand(),
        new AlignCommand(),
        new ImportCommand(),
        new ExtractCommand(),
        new VerifyCommand(),
        new IdentifyCommand(),
        new DeviceQueryCommand(),
        new ConvertImageSetCommand(),
        new ConvertMnistDataCommand(),
        new ConvertCifarDataCommand(),
        new ComputeImageMeanCommand(),
        new ExtractFeaturesCommand(),
        new UpgradeNetTextCommand(),
        new UpgradeNetBinaryCommand(),
        new UpgradeSolverTextCommand(),
        new ConvertCommand(),
        new DiffCommand(),
    ];

    /// <summary>
    /// Runs a command line and returns the exit code: 0, 1 where the command failed, 2 where the command line is wrong,
    /// 3 where a command could not take some of its input, 141 where nobody reads what it prints.
    /// </summary>
    public static int Run(string[] arguments)
    {
        using EndingSignals signals = new();
        try
        {
            return Dispatch(arguments);
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine($"atl: {PathText.Message(e.Message)}");
            return WrongUsage;
        }
    }

    private static int Dispatch(string[] arguments)
    {
        int place = FindCommand(arguments);
        string? word = place < 0 ? null : arguments[place];
        if (word is null)
        {
            if (arguments.Any(argument => argument is "-version" or "--version")) return Version();
            bool asked = arguments.Any(argument => argument is "-help" or "--help" or "-h");
            if (asked) return ShowHelp(null);
            Console.Error.Write(Help.Overview(Commands));
            return WrongUsage;
        }
        if (word == "help") return ShowHelp(arguments.Skip(place + 1).FirstOrDefault());
        Command command = Find(word);
        if (arguments.Any(argument => argument is "-h")) return ShowHelp(command.Name);
        string[] rest = [.. arguments[..place], .. arguments[(place + 1)..]];
        (List<string> words, FlagValues flags) = FlagParser.Parse(rest, command.AllFlags, command.Name);
        if (flags.Switch("help")) return ShowHelp(command.Name);
        flags.TakeWords(command, words);
        foreach (Flag flag in command.Flags)
            if (flag.Required && flags.Text(flag.Name).Length == 0)
                throw new UsageException($"{command.Name} needs -{flag.Name} {flag.Value}: {flag.Help}");
        return Execute(command, flags);
    }

    private static int Execute(Command command, FlagValues flags)
    {
        ImageFlags.Apply(command, flags);
        GlogLogger log = new()
        {
            Minimum = LeastSeverity(command, flags) switch
            {
                <= 0 => LogLevel.Information,
                1 => LogLevel.Warning,
                _ => LogLevel.Error,
            },
        };
        try
        {
            command.Run(flags, log);
            return CheckOutput(command.Name, 0, command.PrintsNotesOnly);
        }
        catch (IncompleteException e)
        {
            Console.Error.WriteLine($"atl {command.Name}: {e.Message}");
            return CheckOutput(command.Name, Incomplete, command.PrintsNotesOnly);
        }
        catch (AtlException e)
        {
            Console.Error.WriteLine($"atl {command.Name}: {e.Message}");
            if (flags.Switch("v")) Console.Error.WriteLine(e);
            return Failed;
        }
        catch (Exception e) when (MemoryFault.Is(e))
        {
            string used = Environment.WorkingSet.ToString("N0", CultureInfo.InvariantCulture);
            Console.Error.WriteLine($"atl {command.Name}: the memory does not suffice: the process has {used} bytes; "
                + "give it a higher limit (ulimit -v, the container's memory), smaller batches or inputs");
            if (flags.Switch("v")) Console.Error.WriteLine(e);
            return Failed;
        }
        catch (IOException e) when (IsFolderGone())
        {
            Console.Error.WriteLine(
                $"atl {command.Name}: the current folder has been removed, expected one that is there; go to "
                    + "another one (cd)");
            if (flags.Switch("v")) Console.Error.WriteLine(e);
            return Failed;
        }
        catch (Exception e) when (LibraryFault.Describe(e) is not null)
        {
            Console.Error.WriteLine($"atl {command.Name}: {LibraryFault.Describe(e)}");
            if (flags.Switch("v")) Console.Error.WriteLine(e);
            return Failed;
        }
        catch (Exception e) when (e is not UsageException)
        {
            Console.Error.WriteLine($"atl {command.Name}: {e.GetType().Name}: "
                + $"{PathText.Message(e.Message)}{(flags.Switch("v") ? "" : " (an error of the program; -v "
                + "shows where)")}");
            if (flags.Switch("v")) Console.Error.WriteLine(e);
            return Failed;
        }
    }

    // Relative paths cannot be completed then, which the system calls a file that is not found.
    private static bool IsFolderGone()
    {
        try
        {
            Directory.GetCurrentDirectory();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    // The exit code, seen also what was printed: where that is the result and incomplete, the command has failed.
    private static int CheckOutput(string name, int code, bool notesOnly)
    {
        if (StandardWriter.Output.Fault is not { } fault) return code;
        if (fault.IsClosedPipe) return notesOnly ? code : ClosedPipe;
        Console.Error.WriteLine($"atl {name}: standard output cannot be written ({fault.Message}), "
            + (notesOnly ? "and the files are complete all the same" : "expected room for the result"));
        return notesOnly ? code : Failed;
    }

    // glog takes its flags from the environment too, and scripts set this one.
    private static int LeastSeverity(Command command, FlagValues flags)
    {
        if (flags.IsGiven("minloglevel")) return flags.Integer("minloglevel");
        string? everywhere = Environment.GetEnvironmentVariable("GLOG_minloglevel");
        if (!int.TryParse(everywhere, NumberStyles.Integer, CultureInfo.InvariantCulture, out int level))
            level = flags.Integer("minloglevel");
        return command.IsQuiet ? Math.Max(level, 1) : level;
    }

    // The command may stand after flags, as gflags allows; a flag's value is not taken for it unless nothing else could
    // be.
    private static int FindCommand(string[] arguments)
    {
        int first = -1;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (FlagParser.IsFlag(arguments[i])) continue;
            if (arguments[i] == "help" || Array.Exists(Commands, command => command.Name == arguments[i])) return i;
            bool mayBeValue = i > 0 && FlagParser.IsFlag(arguments[i - 1])
                && !arguments[i - 1].Contains('=', StringComparison.Ordinal);
            if (first < 0 && !mayBeValue) first = i;
        }
        return first;
    }

    private static Command Find(string word) => Array.Find(Commands, command => command.Name == word)
        ?? throw new UsageException(
            $"unknown command '{word}'{NearestName.Hint(word, Commands.Select(command => command.Name))}; expected one "
                + $"of {string.Join(", ", Commands.Select(command => command.Name))} and help");

    private static int ShowHelp(string? command)
    {
        Console.Out.Write(command switch
        {
            "-markdown" or "--markdown" => CommandPages.All(Commands),
            null => Help.Overview(Commands),
            _ when FlagParser.IsFlag(command) => Help.Overview(Commands),
            _ => Help.Of(Find(command)),
        });
        return CheckOutput("help", 0, notesOnly: false);
    }

    private static int Version()
    {
        string? version = typeof(Application).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        Console.Out.WriteLine($"atl {version?.Split('+')[0]}");
        return CheckOutput("-version", 0, notesOnly: false);
    }
}
