using Atl.Proto;

namespace Atl.Cli.TrainingLogs;

/// <summary>One of the charts of Caffe's plot_training_log.py, selected by its number.</summary>
/// <param name="Name">What is drawn.</param>
/// <param name="Test">Whether it is drawn from the test rows.</param>
/// <param name="Output">The end of the name of the net output drawn; empty for the learning rate.</param>
/// <param name="Seconds">Whether it runs over seconds; over iterations otherwise.</param>
internal sealed record ChartType(string Name, bool Test, string Output, bool Seconds)
{
    /// <summary>The eight charts by their numbers.</summary>
    public static readonly ChartType[] All =
    [
        new("Test accuracy", true, "accuracy", false),
        new("Test accuracy", true, "accuracy", true),
        new("Test loss", true, "loss", false),
        new("Test loss", true, "loss", true),
        new("Train learning rate", false, "", false),
        new("Train learning rate", false, "", true),
        new("Train loss", false, "loss", false),
        new("Train loss", false, "loss", true),
    ];

    /// <summary>The label of the horizontal axis.</summary>
    public string Across => Seconds ? "Seconds" : "Iters";

    /// <summary>The points of a log: those of the first output whose name is, or else ends with, the wanted
    /// word.</summary>
    /// <exception cref="AtlException">The log has no such output.</exception>
    public (double[] X, double[] Y) Points(TrainingLog log, string file)
    {
        List<LogRow> rows = Test ? log.Test : log.Train;
        string[] names = [.. rows.SelectMany(row => row.Outputs).Select(output => output.Name).Distinct()];
        string? name = names.FirstOrDefault(one => one == Output)
            ?? names.FirstOrDefault(one => one.EndsWith(Output, StringComparison.OrdinalIgnoreCase));
        if (rows.Count == 0 || name is null)
            throw new AtlException($"{file}: nothing to draw as '{Name}': "
                + $"{(rows.Count == 0 ? $"no {(Test ? "test" : "train")} net outputs" : $"the outputs are "
                + $"{string.Join(", ", names)}")}");
        List<(double X, double Y)> points = [];
        foreach (LogRow row in rows)
        {
            double y = Output.Length == 0
                ? row.LearningRate
                : row.Outputs.Where(output => output.Name == name).Select(output => output.Value)
                .DefaultIfEmpty(double.NaN).First();
            if (double.IsFinite(y)) points.Add((Seconds ? row.Seconds : row.Iteration, y));
        }
        return ([.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]);
    }
}
