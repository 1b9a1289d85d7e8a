using System.Globalization;
using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Cli.TrainingLogs;
using Atl.Proto;
using ScottPlot;

namespace Atl.Cli.Commands;

/// <summary>plot_training_log: charts of training logs, one curve a log.</summary>
internal sealed class PlotTrainingLogCommand : Command
{
    private const int Width = 800, Height = 600;

    public override string Name => "plot_training_log";

    public override string Summary => "draw charts of training logs as PNG or SVG";

    public override IReadOnlyList<Argument> Arguments =>
    [
        new("CHART", string.Join("; ", ChartType.All.Select((chart, i) => $"{i}: {chart.Name} vs. {chart.Across}"))),
        new("OUT", "the image, .png or .svg"),
        new("LOG", "logs of atl train or caffe train") { Repeated = true },
    ];

    public override IReadOnlyList<Flag> Flags => [];

    public override IReadOnlyList<(string What, string Line)> Examples =>
        [("the training loss of two runs", "atl plot_training_log 6 loss.png first.log second.log")];

    public override void Run(FlagValues flags, GlogLogger log)
    {
        if (!int.TryParse(flags.Argument("CHART"), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || number >= ChartType.All.Length)
            throw new UsageException(
                $"the chart is '{flags.Argument("CHART")}', expected a number from 0 to "
                    + $"{ChartType.All.Length - 1} (atl help {Name} lists them)");
        string path = flags.Argument("OUT"), format = Path.GetExtension(path).ToLowerInvariant();
        if (format is not (".png" or ".svg"))
            throw new UsageException(
                $"'{path}' has an unknown ending, expected a name that ends with .png or .svg");
        ChartType chart = ChartType.All[number];
        using Plot plot = new();
        plot.Title($"{chart.Name} vs. {chart.Across}");
        plot.XLabel(chart.Across);
        plot.YLabel(chart.Name);
        foreach (string file in flags.Arguments("LOG"))
        {
            (double[] x, double[] y) = chart.Points(TrainingLog.Read(file, note => log.Warning($"{note}")), file);
            plot.Add.Scatter(x, y).LegendText = Path.GetFileNameWithoutExtension(file);
        }
        plot.ShowLegend(chart.Output == "accuracy" ? Alignment.LowerRight : Alignment.UpperRight);
        byte[] picture = format == ".png"
            ? plot.GetImageBytes(Width, Height, ImageFormat.Png)
            : System.Text.Encoding.UTF8.GetBytes(plot.GetSvgXml(Width, Height));
        AtomicFile.Write(path, stream => stream.Write(picture));
    }
}
