using Atl.Face.Runs;
using Atl.Proto;

namespace Atl.Cli.TrainingLogs;

/// <summary>
/// The values of a training log at every iteration, read as Caffe's tools/extra/parse_log.py reads it. There is one row
/// per iteration with net outputs. Its learning rate is the last one named (the first row takes the second's, which is
/// logged after it). Its time is the seconds since "Solving".
/// </summary>
internal sealed class TrainingLog
{
    private TrainingLog()
    {
    }

    /// <summary>The rows of training net outputs.</summary>
    public List<LogRow> Train { get; } = [];

    /// <summary>The rows of test net outputs.</summary>
    public List<LogRow> Test { get; } = [];

    /// <summary>Reads a log of Caffe or atl.</summary>
    /// <param name="path">The log.</param>
    /// <param name="note">Receives a message for each ignored line.</param>
    /// <exception cref="AtlException">The file cannot be read, or no solver begins in it.</exception>
    public static TrainingLog Read(string path, Action<string> note)
    {
        TrainingLog log = new();
        DateTime? start = null;
        DateTime last = default;
        int iteration = -1, year = YearOf(path);
        double rate = double.NaN;
        foreach (CaffeLogLine line in CaffeLogLine.Read(path, note))
        {
            if (start is null)
            {
                if (line.Net is not null && line.TimeIn(year) is { } begun) last = (start = begun).Value;
                continue;
            }
            iteration = line.HidesIteration ? -1 : line.Iteration ?? iteration;
            if (iteration < 0 || line.TimeIn(year) is not { } time) continue;
            // A month that comes before the last one's is next year's.
            if (time.Month < last.Month) time = line.TimeIn(++year) ?? time;
            last = time;
            rate = line.LearningRate ?? rate;
            if (line.Output is not { } output) continue;
            List<LogRow> rows = line.OfTestNet ? log.Test : log.Train;
            if (rows.Count == 0 || rows[^1].Iteration != iteration)
                rows.Add(new LogRow(iteration, (time - start.Value).TotalSeconds) { LearningRate = rate });
            rows[^1].Outputs.Add(output);
        }
        if (start is null)
            throw new AtlException($"{path}: no line 'Solving NET' with a time, expected the log of a training run");
        foreach (List<LogRow> rows in new[] { log.Train, log.Test })
            if (rows.Count > 1)
                rows[0].LearningRate = rows[1].LearningRate;
        return log;
    }

    private static int YearOf(string path) => File.Exists(path) ? File.GetLastWriteTime(path).Year : 2000;
}
