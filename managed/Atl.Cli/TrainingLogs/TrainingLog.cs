using System.Globalization;
using System.Text.RegularExpressions;
using Atl.Proto;

namespace Atl.Cli.TrainingLogs;

/// <summary>
/// What a training log says of every iteration, read as Caffe's tools/extra/parse_log.py reads it: a row for each iteration with net outputs, whose
/// learning rate is the one last named (the first row's is the second's, which is logged after it), and the seconds since "Solving".
/// </summary>
internal sealed partial class TrainingLog
{
    private TrainingLog()
    {
    }

    /// <summary>The rows of training net outputs.</summary>
    public List<LogRow> Train { get; } = [];

    /// <summary>The rows of test net outputs.</summary>
    public List<LogRow> Test { get; } = [];

    /// <summary>Reads a log of Caffe or atl.</summary>
    /// <exception cref="AtlException">The file cannot be read, or no solver begins in it.</exception>
    public static TrainingLog Read(string path)
    {
        TrainingLog log = new();
        DateTime? start = null;
        DateTime last = default;
        int iteration = -1, year = YearOf(path);
        double rate = double.NaN;
        foreach (string line in Lines(path))
        {
            if (start is null)
            {
                if (line.Contains("Solving", StringComparison.Ordinal) && TimeOf(line, year) is { } begun) last = (start = begun).Value;
                continue;
            }
            if (IterationRule().Match(line) is { Success: true } numbered) iteration = int.Parse(numbered.Groups[1].Value, CultureInfo.InvariantCulture);
            if (iteration < 0 || TimeOf(line, year) is not { } time) continue;
            // A month that comes before the last one's is next year's.
            if (time.Month < last.Month) time = TimeOf(line, ++year) ?? time;
            last = time;
            if (RateRule().Match(line) is { Success: true } named) rate = Number(named.Groups[1].Value);
            if (OutputRule().Match(line) is not { Success: true } output) continue;
            List<LogRow> rows = output.Groups[1].Value == "Train" ? log.Train : log.Test;
            if (rows.Count == 0 || rows[^1].Iteration != iteration) rows.Add(new LogRow(iteration, (time - start.Value).TotalSeconds) { LearningRate = rate });
            rows[^1].Outputs.Add((output.Groups[2].Value, Number(output.Groups[3].Value)));
        }
        if (start is null) throw new AtlException($"{path}: no line 'Solving NET' with a time, expected the log of a training run");
        foreach (List<LogRow> rows in new[] { log.Train, log.Test })
            if (rows.Count > 1)
                rows[0].LearningRate = rows[1].LearningRate;
        return log;
    }

    private static IEnumerable<string> Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AtlException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static int YearOf(string path) => File.Exists(path) ? File.GetLastWriteTime(path).Year : 2000;

    private static DateTime? TimeOf(string line, int year) =>
        TimeRule().Match(line) is { Success: true } stamp
        && DateTime.TryParseExact($"{year} {stamp.Value[1..]}", "yyyy MMdd HH:mm:ss.ffffff", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time)
            ? time
            : null;

    private static double Number(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;

    [GeneratedRegex(@"Iteration (\d+)")]
    private static partial Regex IterationRule();

    [GeneratedRegex(@"lr = ([-+\d.eE]+)")]
    private static partial Regex RateRule();

    [GeneratedRegex(@"(Train|Test) net output #\d+: (\S+) = ([-+\d.eE]+|-?nan|-?inf)")]
    private static partial Regex OutputRule();

    [GeneratedRegex(@"^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{6}")]
    private static partial Regex TimeRule();
}
