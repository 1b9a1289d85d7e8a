using Atl.Cli.Terminal;

namespace Atl.Cli.CommandLine;

/// <summary>One verb of the program.</summary>
internal abstract class Command
{
    /// <summary>Flags of every command.</summary>
    public static readonly Flag[] CommonFlags =
    [
        new("v", FlagKind.Switch, "print a stack trace on error"),
        new("help", FlagKind.Switch, "show this help"),
        new("allow_unknown_fields", FlagKind.Switch,
            "ignore unknown fields with a warning instead of an error"),
        new("minloglevel", FlagKind.Integer, "minimum log severity: 0 information, 1 warnings, 2 errors",
            "0|1|2") { Default = "0" },
        new("logtostderr", FlagKind.Switch, "as always") { Hidden = true },
        new("alsologtostderr", FlagKind.Switch, "as always") { Hidden = true },
        new("colorlogtostderr", FlagKind.Switch, "no colors") { Hidden = true },
        new("stderrthreshold", FlagKind.Integer, "all goes to standard error") { Hidden = true },
        new("log_dir", FlagKind.Text, "no log files are written", "DIR") { Hidden = true },
    ];

    /// <summary>The word on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>One line on what it does.</summary>
    public abstract string Summary { get; }

    /// <summary>The words that it takes beside flags, in their order.</summary>
    public virtual IReadOnlyList<Argument> Arguments => [];

    /// <summary>Its own flags.</summary>
    public abstract IReadOnlyList<Flag> Flags { get; }

    /// <summary>Command lines that work, each with what it does.</summary>
    public abstract IReadOnlyList<(string What, string Line)> Examples { get; }

    /// <summary>Its own flags and those of every command.</summary>
    public IReadOnlyList<Flag> AllFlags => [.. Flags, .. CommonFlags];

    /// <summary>
    /// Whether it prints only notes on the files that it writes. They are what counts then, and a standard output that
    /// cannot be written is said and does not fail it.
    /// </summary>
    public virtual bool PrintsNotesOnly => false;

    /// <summary>Whether it logs warnings and errors alone unless the command line asks for more: what nets say while
    /// they are built is not what it is about.</summary>
    public virtual bool IsQuiet => false;

    /// <summary>Does it; the exit code is 0 unless an exception comes out.</summary>
    /// <param name="flags">What the command line gives.</param>
    /// <param name="log">The program's log.</param>
    public abstract void Run(FlagValues flags, GlogLogger log);
}
