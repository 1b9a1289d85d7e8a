using System.Globalization;
using System.Text.RegularExpressions;
using Atl.Proto;

namespace Atl.Face.Runs;

/// <summary>
/// The values of the solver in a line of a training log of Caffe, or of Atl, whose lines are the same. In other lines
/// all are null.
/// </summary>
internal sealed partial class CaffeLogLine
{
    private const int LongestLine = 1 << 16;
    private const int LongestShown = 40;
    private const string Treatment = "ignored";

    private readonly string? _stamp;

    private CaffeLogLine(string line)
    {
        HidesIteration = LongIterationRule().IsMatch(line);
        if (HidesIteration) Fault = "an iteration of more than nine digits";
        if (TimeRule().Match(line) is { Success: true } time) _stamp = time.Groups[1].Value;
        if (SolvingRule().Match(line) is { Success: true } solving) Net = solving.Groups[1].Value.TrimEnd();
        if (OutputRule().Match(line) is { Success: true } output)
        {
            OfTestNet = output.Groups[1].Value == "Test";
            if (Number(output.Groups[3].Value) is { } value) Output = (output.Groups[2].Value, value);
        }
        if (IterationRule().Match(line) is not { Success: true } iteration) return;
        Iteration = int.Parse(iteration.Groups[1].Value, CultureInfo.InvariantCulture);
        if (iteration.Groups["speed"] is { Success: true } speed) IterationsPerSecond = Number(speed.Value);
        if (iteration.Groups["loss"] is { Success: true } loss) Loss = Number(loss.Value);
        if (iteration.Groups["rate"] is { Success: true } rate) LearningRate = Number(rate.Value);
        if (iteration.Groups["net"] is { Success: true } net)
            TestNet = int.Parse(net.Value, CultureInfo.InvariantCulture);
    }

    /// <summary>The name of the net of which training begins: "Solving NET".</summary>
    public string? Net { get; }

    /// <summary>The iteration that the line reports.</summary>
    public int? Iteration { get; }

    /// <summary>Whether it reports an iteration that cannot be read: outputs that follow are those of no iteration
    /// that is known.</summary>
    public bool HidesIteration { get; }

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

    /// <summary>The part of the line that cannot be used; null if there is none.</summary>
    public string? Fault { get; private set; }

    /// <summary>Reads a line.</summary>
    public static CaffeLogLine Parse(string line) => new(line);

    /// <summary>Reads the lines of a file, one after another.</summary>
    /// <param name="path">The file.</param>
    /// <param name="note">
    /// Told, after the last line, of the first of those that say what cannot be used, and how many more there are.
    /// </param>
    /// <exception cref="AtlException">The file cannot be read.</exception>
    public static IEnumerable<CaffeLogLine> Read(string path, Action<string> note)
    {
        ArgumentNullException.ThrowIfNull(note);
        OddLines odd = new(path);
        foreach (BoundedLine line in BoundedLines.Read(path, "a log of training", LongestLine))
        {
            // What goes on for so long is no line of a solver, and rules would take long over it.
            if (line.IsTooLong)
            {
                odd.Add(line.Number, Treatment, $"a line of more than {LongestLine} characters");
                continue;
            }
            CaffeLogLine parsed = new(line.Text);
            if (parsed.Fault is { } fault) odd.Add(line.Number, Treatment, fault);
            yield return parsed;
        }
        odd.Tell(note);
    }

    /// <summary>When it was written; the log does not say in which year. Null for a line without a time.</summary>
    public DateTime? TimeIn(int year) =>
        _stamp is not null
        && DateTime.TryParseExact($"{year} {_stamp}", "yyyy MMdd HH:mm:ss.ffffff", CultureInfo.InvariantCulture,
            DateTimeStyles.None, out DateTime time)
            ? time
            : null;

    // Null, with the fault said, for what is no number.
    private double? Number(string text)
    {
        switch (text.TrimStart('-'))
        {
            case "inf":
                return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            case "nan":
                return double.NaN;
        }
        if (double.TryParse(text, CultureInfo.InvariantCulture, out double value)) return value;
        Fault ??= $"'{Shown(text)}' instead of a number";
        return null;
    }

    private static string Shown(string text) => text.Length > LongestShown ? text[..LongestShown] + "…" : text;

    [GeneratedRegex(@"^[IWEF](\d{4} \d\d:\d\d:\d\d\.\d{6})")]
    private static partial Regex TimeRule();

    [GeneratedRegex(@"Solving (.+)$")]
    private static partial Regex SolvingRule();

    [GeneratedRegex(
        @"Iteration (\d{1,9})(?!\d)(?: \((?<speed>[\d.e+-]+) iter/s.*\))?" +
        @"(?:, (?:loss = (?<loss>\S+)|lr = (?<rate>\S+)|Testing net \(#(?<net>\d{1,9})\)))?")]
    private static partial Regex IterationRule();

    [GeneratedRegex(@"Iteration \d{10}")]
    private static partial Regex LongIterationRule();

    [GeneratedRegex(@"(Train|Test) net output #\d+: (\S+) = (\S+)")]
    private static partial Regex OutputRule();
}
