using System.Globalization;
using System.Text.RegularExpressions;
using Atl.Proto;

namespace Atl.Face.Runs;

/// <summary>What a line of a training log of Caffe, or of Atl, which writes the same ones, says of the solver. Of other lines all is null.</summary>
public sealed partial class CaffeLogLine
{
    private readonly string? _stamp;

    private CaffeLogLine(string line)
    {
        if (TimeRule().Match(line) is { Success: true } time) _stamp = time.Groups[1].Value;
        if (SolvingRule().Match(line) is { Success: true } solving) Net = solving.Groups[1].Value.TrimEnd();
        if (OutputRule().Match(line) is { Success: true } output)
        {
            OfTestNet = output.Groups[1].Value == "Test";
            Output = (output.Groups[2].Value, Number(output.Groups[3].Value));
        }
        if (IterationRule().Match(line) is not { Success: true } iteration) return;
        Iteration = int.Parse(iteration.Groups[1].Value, CultureInfo.InvariantCulture);
        if (iteration.Groups["speed"] is { Success: true } speed) IterationsPerSecond = Number(speed.Value);
        if (iteration.Groups["loss"] is { Success: true } loss) Loss = Number(loss.Value);
        if (iteration.Groups["rate"] is { Success: true } rate) LearningRate = Number(rate.Value);
        if (iteration.Groups["net"] is { Success: true } net) TestNet = int.Parse(net.Value, CultureInfo.InvariantCulture);
    }

    /// <summary>The name of the net of which training begins: "Solving NET".</summary>
    public string? Net { get; }

    /// <summary>The iteration that the line tells of.</summary>
    public int? Iteration { get; }

    /// <summary>Its speed, where the line with the loss names it.</summary>
    public double? IterationsPerSecond { get; }

    /// <summary>Its loss.</summary>
    public double? Loss { get; }

    /// <summary>Its learning rate.</summary>
    public double? LearningRate { get; }

    /// <summary>The number of the net whose test begins.</summary>
    public int? TestNet { get; }

    /// <summary>One element of a net's output, by the output's name.</summary>
    public (string Name, double Value)? Output { get; }

    /// <summary>Whether <see cref="Output"/> is a test net's; it is the training net's otherwise.</summary>
    public bool OfTestNet { get; }

    /// <summary>Reads a line.</summary>
    public static CaffeLogLine Parse(string line) => new(line);

    /// <summary>Reads the lines of a file, one after another.</summary>
    /// <exception cref="AtlException">The file cannot be read.</exception>
    public static IEnumerable<CaffeLogLine> Read(string path)
    {
        return UserFile.ReadLines(path, "a log").Select(Parse);
    }

    /// <summary>When it was written; the log does not say in which year. Null for a line without a time.</summary>
    public DateTime? TimeIn(int year) =>
        _stamp is not null
        && DateTime.TryParseExact($"{year} {_stamp}", "yyyy MMdd HH:mm:ss.ffffff", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time)
            ? time
            : null;

    private static double Number(string text) => text.TrimStart('-') switch
    {
        "inf" => text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
        _ => double.TryParse(text, CultureInfo.InvariantCulture, out double value) ? value : double.NaN,
    };

    [GeneratedRegex(@"^[IWEF](\d{4} \d\d:\d\d:\d\d\.\d{6})")]
    private static partial Regex TimeRule();

    [GeneratedRegex(@"Solving (.+)$")]
    private static partial Regex SolvingRule();

    [GeneratedRegex(
        @"Iteration (\d{1,9})(?: \((?<speed>[\d.e+-]+) iter/s.*\))?" +
        @"(?:, (?:loss = (?<loss>\S+)|lr = (?<rate>\S+)|Testing net \(#(?<net>\d{1,9})\)))?")]
    private static partial Regex IterationRule();

    [GeneratedRegex(@"(Train|Test) net output #\d+: (\S+) = (\S+)")]
    private static partial Regex OutputRule();
}
