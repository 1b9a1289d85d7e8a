using Atl.Cli.CommandLine;
using Atl.Fuzz.Formats;

namespace Atl.Fuzz.Running;

/// <summary>An input that commands are run on, in this process.</summary>
/// <param name="input">The input.</param>
/// <param name="random">Chooses between commands.</param>
/// <param name="started">Told of each command line before it is run.</param>
internal sealed class FuzzCase(FuzzInput input, Random random, Action<string> started)
{
    /// <summary>The folder of the input, below the working folder.</summary>
    public const string InputFolder = "case";

    /// <summary>The folder that commands write to; it is empty at first.</summary>
    public const string OutputFolder = "out";

    private readonly List<ProgramRun> _runs = [];

    /// <summary>The input.</summary>
    public FuzzInput Input => input;

    /// <summary>The input's path.</summary>
    public string File => $"{InputFolder}/{input.File}";

    /// <summary>The path of the folder in which the input is.</summary>
    public string Folder => Path.GetDirectoryName(File)!;

    /// <summary>What was run.</summary>
    public IReadOnlyList<ProgramRun> Runs => _runs;

    /// <summary>Runs the program with these words.</summary>
    public ProgramRun Atl(params string[] arguments)
    {
        started(ProgramRun.CommandLine(arguments));
        ProgramRun run = Execute(arguments);
        _runs.Add(run);
        return run;
    }

    /// <summary>Runs one of several command lines.</summary>
    public void AtlOneOf(params string[][] lines) => Atl(lines[random.Next(lines.Length)]);

    /// <summary>Runs the program and keeps what it prints.</summary>
    public static ProgramRun Execute(string[] arguments)
    {
        (TextWriter output, TextWriter error) = (Console.Out, Console.Error);
        using StringWriter text = new();
        using TextWriter both = TextWriter.Synchronized(text);
        Console.SetOut(both);
        Console.SetError(both);
        try
        {
            int code = Application.Run(arguments);
            return new ProgramRun(arguments, code, text.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
