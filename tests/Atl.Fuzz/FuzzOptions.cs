using System.Globalization;

namespace Atl.Fuzz;

/// <summary>What the command line asks for.</summary>
internal sealed record FuzzOptions
{
    /// <summary>How the program is called.</summary>
    public const string Usage = """
        usage: dotnet run build.cs -- fuzz [FORMAT ...] [OPTIONS]

          --seconds N    how long mutants of each format are run (default 10)
          --mutants N    how many mutants of each format are run, however long it takes
          --seed S       chooses the mutants (default 1)
          --mutant N     run one mutant of the seed again
          --input FILE   run one file as an input of the format
          --jobs N       how many formats are run at once (default 1)
          --messages     list how the mutants ended, too

        """;

    private const string WorkerSwitch = "--worker";

    /// <summary>The formats; all of them where none is named.</summary>
    public IReadOnlyList<string> Formats { get; private init; } = [];

    /// <summary>How long mutants of each format are run.</summary>
    public TimeSpan Time { get; private init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many mutants of each format are run; null for as many as the time allows.</summary>
    public int? Mutants { get; private init; }

    /// <summary>Chooses the mutants.</summary>
    public long Seed { get; private init; } = 1;

    /// <summary>The one mutant that is run.</summary>
    public int? Mutant { get; private init; }

    /// <summary>The one file that is run.</summary>
    public string? Input { get; private init; }

    /// <summary>How many formats are run at once.</summary>
    public int Jobs { get; private init; } = 1;

    /// <summary>Whether messages are listed.</summary>
    public bool Messages { get; private init; }

    /// <summary>Whether this process is a worker.</summary>
    public bool IsWorker { get; private init; }

    /// <summary>The folder in which commands run.</summary>
    public string Work { get; init; } = "";

    /// <summary>The folder with found inputs, a folder for each format.</summary>
    public string Corpus { get; } = Path.Combine(Root(), "tests", "data", "fuzz");

    /// <summary>The folder in which new ones are put.</summary>
    public string Found { get; } = Path.Combine(Root(), "build", "fuzz");

    /// <summary>Reads a command line.</summary>
    /// <exception cref="ArgumentException">It is wrong; the message says how.</exception>
    public static FuzzOptions Parse(string[] arguments)
    {
        FuzzOptions options = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            string word = arguments[i];
            options = word switch
            {
                "--seconds" => options with { Time = TimeSpan.FromSeconds(Number()) },
                "--mutants" => options with { Mutants = (int)Number() },
                "--jobs" => options with { Jobs = Math.Max(1, (int)Number()) },
                "--seed" => options with { Seed = Number() },
                "--mutant" => options with { Mutant = (int)Number() },
                "--input" => options with { Input = Path.GetFullPath(Value()) },
                "--messages" => options with { Messages = true },
                WorkerSwitch => options with { IsWorker = true, Work = Value() },
                _ when word.StartsWith('-') => throw new ArgumentException($"unknown option '{word}'"),
                _ => options with { Formats = [.. options.Formats, word] },
            };

            string Value() =>
                ++i < arguments.Length ? arguments[i] : throw new ArgumentException($"{word} needs a value");

            long Number() => Value() is var text
                && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                    && number <= int.MaxValue
                    ? number
                    : throw new ArgumentException($"{word} is '{arguments[i]}', expected a whole number");
        }
        return options;
    }

    /// <summary>The command line of a worker for these options.</summary>
    public IReadOnlyList<string> WorkerArguments(string format) =>
    [
        format, WorkerSwitch, Work, "--seed", Seed.ToString(CultureInfo.InvariantCulture),
        .. Input is null ? Array.Empty<string>() : ["--input", Input],
    ];

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Atl.slnx")))
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar));
        return folder ?? Directory.GetCurrentDirectory();
    }
}
