using System.Globalization;

namespace Atl.Comparison;

/// <summary>Tables of what the trials showed, in Markdown.</summary>
internal static class Comparison
{
    /// <summary>
    /// One row a method: means over the seeds whose run ended, with the least and the largest, and the median over all
    /// of the iterations to a TAR@FAR=0.01.
    /// </summary>
    public static string Table(IEnumerable<Trial> trials, double target)
    {
        List<string> lines =
        [
            Invariant(
                $"| method | lr | runs | TAR@FAR=0.01 | TAR@FAR=0.001 | EER | iterations to TAR@FAR=0.01 ≥ {100 * target:0.#} % |"),
            "|---|---|---|---|---|---|---|",
        ];
        foreach (IGrouping<(string Method, float Rate), Trial> group in trials.GroupBy(trial =>
            (trial.Method, trial.Rate)))
        {
            Trial[] runs = [.. group];
            int broken = runs.Count(run => run.Failure is not null);
            string count = broken > 0 ? Invariant($"{runs.Length}, {broken} broke off") : Invariant($"{runs.Length}");
            lines.Add(Invariant($"| {group.Key.Method} | {group.Key.Rate:0.####} | {count} ")
                + $"| {Spread(runs, last => last.Tar01)} | {Spread(runs, last => last.Tar001)} | "
                + $"{Spread(runs, last => last.EqualErrorRate)} "
                + $"| {Median(runs, target)} |");
        }
        return string.Join('\n', lines);
    }

    private static string Spread(Trial[] runs, Func<Checkpoint, double> value)
    {
        double[] values = [.. runs.Where(run => run.Failure is null).Select(run => 100 * value(run.Last))];
        if (values.Length == 0) return "none ended";
        return values.Length == 1 ? Invariant($"{values[0]:F1} %")
            : Invariant($"{values.Average():F1} % ({values.Min():F1}–{values.Max():F1})");
    }

    // Runs that never get there count as longer than all others.
    private static string Median(Trial[] runs, double target)
    {
        int[] reached = [.. runs.Select(run => run.IterationsTo(target) ?? int.MaxValue).Order()];
        int middle = reached[reached.Length / 2];
        return middle == int.MaxValue ? "not reached" : Invariant($"{middle}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
