namespace Atl.Cli.CommandLine;

/// <summary>A flag of a command.</summary>
/// <param name="Name">The name without dashes.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Help">What it does, for the help text.</param>
/// <param name="Value">What its value is called in the help text.</param>
internal sealed record Flag(string Name, FlagKind Kind, string Help, string Value = "")
{
    /// <summary>The value where the flag is not given; empty for none.</summary>
    public string Default { get; init; } = "";

    /// <summary>The value where the flag stands alone; null where it cannot.</summary>
    public string? Alone { get; init; }

    /// <summary>The words that the value must be one of; empty for any.</summary>
    public string[] Choices { get; init; } = [];

    /// <summary>Whether an empty value is one; else it is a variable of a script that was never set.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>Whether the command cannot do without it.</summary>
    public bool Required { get; init; }

    /// <summary>Whether the help text leaves it out (flags of glog that scripts pass and that change nothing
    /// here).</summary>
    public bool Hidden { get; init; }
}
