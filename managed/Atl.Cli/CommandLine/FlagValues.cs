using System.Globalization;

namespace Atl.Cli.CommandLine;

/// <summary>The flags that a command line gave, over the defaults, and its arguments by their names.</summary>
internal sealed class FlagValues
{
    private const int LargestSide = 8192;

    private readonly Dictionary<string, List<string>> _given = [];
    private readonly Dictionary<string, string[]> _arguments = [];
    private readonly Dictionary<string, Flag> _flags;

    public FlagValues(IEnumerable<Flag> flags) => _flags = flags.ToDictionary(flag => flag.Name);

    public bool IsGiven(string name) => _given.ContainsKey(name);

    /// <summary>The text of a flag; empty where it is not given and has no default. The last one given
    /// counts.</summary>
    public string Text(string name) => _given.TryGetValue(name, out List<string>? values) ? values[^1]
        : _flags[name].Default;

    public int Integer(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);

    /// <summary>The size of an image, WIDTHxHEIGHT.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public (int Width, int Height) Size(string name) =>
        Text(name).Split('x') is [var w, var h] && int.TryParse(w, out int width) && int.TryParse(h, out int height)
        && width is > 0 and <= LargestSide && height is > 0 and <= LargestSide
            ? (width, height)
            : throw new UsageException($"flag '-{name}' is '{Text(name)}', expected WIDTHxHEIGHT");

    public bool Switch(string name) => Text(name) == "true";

    /// <summary>Every value of a flag that may be given several times.</summary>
    public IReadOnlyList<string> List(string name) => _given.TryGetValue(name, out List<string>? values) ? values : [];

    /// <summary>The parts of a value between commas.</summary>
    public string[] Parts(string name) =>
        Text(name).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Takes a value that was checked.</summary>
    public void Add(Flag flag, string value)
    {
        if (!_given.TryGetValue(flag.Name, out List<string>? values)) _given[flag.Name] = values = [];
        values.Add(value);
    }

    /// <summary>An argument; empty where an optional one is left out.</summary>
    public string Argument(string name) => _arguments[name] is [var first, ..] ? first : "";

    /// <summary>Every value of an argument that may be repeated.</summary>
    public IReadOnlyList<string> Arguments(string name) => _arguments[name];

    /// <summary>Deals the words that are no flags out to the command's arguments.</summary>
    /// <exception cref="UsageException">
    /// There are more words than arguments, an argument that is required has none, or one is empty.
    /// </exception>
    public void TakeWords(Command command, IReadOnlyList<string> words)
    {
        int next = 0;
        foreach (Argument argument in command.Arguments)
        {
            int count = argument.Repeated ? words.Count - next : Math.Min(1, words.Count - next);
            if (count == 0 && !argument.Optional)
                throw new UsageException($"{command.Name} needs {argument.Name}: {argument.Help}");
            _arguments[argument.Name] = [.. words.Skip(next).Take(count)];
            if (_arguments[argument.Name].Contains(""))
                throw new UsageException($"{argument.Name} of {command.Name} is empty, expected {argument.Help}");
            next += count;
        }
        if (next == words.Count) return;
        string takes = command.Arguments.Count == 0 ? "flags only"
            : string.Join(' ', command.Arguments.Select(argument => argument.Usage)) + " and flags";
        throw new UsageException($"'{words[next]}' is not understood: {command.Name} takes {takes} (atl help "
            + $"{command.Name} lists them)");
    }
}
