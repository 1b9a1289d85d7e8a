namespace Atl.Cli.CommandLine;

/// <summary>A positional argument of a command.</summary>
/// <param name="Name">What it is called in the help text.</param>
/// <param name="Help">What it is.</param>
internal sealed record Argument(string Name, string Help)
{
    /// <summary>Whether it may be left out; none that is required follows one that is not.</summary>
    public bool Optional { get; init; }

    /// <summary>Whether it may be given several times; only the last of a command's arguments.</summary>
    public bool Repeated { get; init; }

    /// <summary>As the usage line shows it.</summary>
    public string Usage => (Optional, Repeated) switch
    {
        (false, false) => Name,
        (true, false) => $"[{Name}]",
        (false, true) => $"{Name} ...",
        _ => $"[{Name} ...]",
    };
}
