using System.Globalization;

namespace Atl.Cli.CommandLine;

/// <summary>The flags that a command line gave, over the defaults.</summary>
internal sealed class FlagValues
{
    private readonly Dictionary<string, List<string>> _given = [];
    private readonly Dictionary<string, Flag> _flags;

    public FlagValues(IEnumerable<Flag> flags) => _flags = flags.ToDictionary(flag => flag.Name);

    public bool IsGiven(string name) => _given.ContainsKey(name);

    /// <summary>The text of a flag; empty where it is not given and has no default. The last one given counts.</summary>
    public string Text(string name) => _given.TryGetValue(name, out List<string>? values) ? values[^1] : _flags[name].Default;

    public int Integer(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);

    public bool Switch(string name) => Text(name) == "true";

    /// <summary>Every value of a flag that may be given several times.</summary>
    public IReadOnlyList<string> List(string name) => _given.TryGetValue(name, out List<string>? values) ? values : [];

    /// <summary>The parts of a value between commas.</summary>
    public string[] Parts(string name) => Text(name).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Takes a value that was checked.</summary>
    public void Add(Flag flag, string value)
    {
        if (!_given.TryGetValue(flag.Name, out List<string>? values)) _given[flag.Name] = values = [];
        values.Add(value);
    }
}
