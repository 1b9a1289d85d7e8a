using System.Xml.Linq;
using Atl.Face.Runs;
using Atl.Face.Verification;

namespace Atl.Face.Report;

/// <summary>The course of training: loss, λ, learning rate, throughput, test outputs, angles in the batches.</summary>
internal static class TrainingSection
{
    private const int AnglesTogether = 10;
    private const double HistogramHeight = 260;
    private const int RawPoints = 1200;
    private const int LinePoints = 600;

    // A test net whose output is a vector of classes would make a chart of every element.
    private const int OutputsShown = 48, NetsShown = 16;

    // A curve that spans more than this factor is drawn in decades.
    private const double LinearSpan = 20;

    public static IEnumerable<XElement> Of(RunReport report)
    {
        yield return new XElement("h2", "Training");
        List<object[]> missing = [];
        if (report.Training.Count == 0)
        {
            missing.Add([
                "The course of training: ", Html.Code("atl train -solver SOLVER -run RUN_DIR"),
                " writes its log, RUN_DIR being the folder of this page.",
            ]);
        }
        else
        {
            yield return Loss(report.Training);
        }

        XElement[] charts = [.. Curve(report, missing), .. TestOutputs(report, missing), .. Angles(report, missing)];
        if (charts.Length > 0)
            yield return Html.Element("div", "grid2", charts);
        if (Html.Missing(missing) is { } list)
            yield return list;
    }

    private static XElement Loss(IReadOnlyList<TrainReading> training)
    {
        IReadOnlyList<(double X, double Y)> raw = [.. training.Select(p => ((double)p.Iteration, p.Loss))];
        return Html.WideFigure("Loss", new SvgChart
        {
            Description = "Loss by iteration",
            XLabel = "iteration",
            YLabel = "loss",
            Height = 300,
            Series =
            [
                new("as read", Curves.Thin(raw, RawPoints), 1) { Faint = true },
                new("running mean", Curves.Thin(Curves.Smooth(raw), LinePoints), 1),
            ],
        });
    }

    private static IEnumerable<XElement> Curve(RunReport report, List<object[]> missing)
    {
        if (report.Training.Count == 0)
            yield break;
        if (Points(p => p.Lambda) is { Count: > 0 } lambda)
            yield return Chart("λ of the margin layer", "λ", lambda, 3);
        else
            missing.Add(
                ["λ: the net has no MarginInnerProduct layer, or the log, one of Caffe, has no output named lambda."]);
        if (Points(p => p.LearningRate) is { Count: > 0 } rate)
            yield return Chart("Learning rate", "learning rate", rate, 4);
        else
            missing.Add(["The learning rate: the log does not name it."]);
        if (Points(p => p.ImagesPerSecond) is { Count: > 0 } images)
            yield return Chart("Throughput", "images/s", images, 2);
        else if (Points(p => p.IterationsPerSecond) is { Count: > 0 } iterations)
            yield return Chart("Throughput", "iterations/s", iterations, 2);
        else
            missing.Add(["Throughput: the log does not name it; ", Html.Code("atl train -run RUN_DIR"), " keeps it."]);

        List<(double X, double Y)> Points(Func<TrainReading, double?> of) =>
            [.. report.Training.Where(p => of(p) is not null).Select(p => ((double)p.Iteration, of(p)!.Value))];
    }

    private static XElement Chart(string title, string label, List<(double X, double Y)> points, int color)
    {
        double least = points.Min(p => p.Y), most = points.Max(p => p.Y);
        return Html.Figure(title, new SvgChart
        {
            Description = title + " by iteration",
            XLabel = "iteration",
            YLabel = label,
            LogY = least > 0 && most > LinearSpan * least,
            Series = [new(null, Curves.Thin(points, LinePoints), color)],
        });
    }

    private static IEnumerable<XElement> TestOutputs(RunReport report, List<object[]> missing)
    {
        if (report.Tests.Count == 0)
            missing.Add(["Test outputs: no test net was run; the solver's test_iter and test_interval run one."]);
        int[] nets = [.. report.Tests.Select(test => test.Net).Distinct().Order()];
        string[] outputs = [.. report.Tests.SelectMany(test => test.Outputs.Keys).Distinct()];
        if (nets.Length > NetsShown)
            missing.Add(
                [Html.Text($"Test nets {nets[NetsShown]} and later: the page shows {NetsShown} of {nets.Length:N0}.")]);
        if (outputs.Length > OutputsShown)
            missing.Add([Html.Text($"Test outputs: the page shows the first {OutputsShown} of {outputs.Length:N0}.")]);
        ILookup<int, TestReading> readings = report.Tests.ToLookup(test => test.Net);
        foreach (string output in outputs.Take(OutputsShown))
        {
            yield return Html.Figure($"Test: {output}", new SvgChart
            {
                Description = $"Test output {output} by iteration",
                XLabel = "iteration",
                YLabel = output,
                Series =
                [
                    .. nets.Take(NetsShown).Select((net, i) =>
                        new ChartSeries($"net {net}", Points(readings[net], output), 1 + (i % ChartSeries.Colors))
                        {
                            Dash = i % ChartSeries.Dashes,
                        }),
                ],
            });
        }

        static IReadOnlyList<(double X, double Y)> Points(IEnumerable<TestReading> tests, string output) =>
            Curves.Thin(
                [.. tests.Where(test => test.Outputs.ContainsKey(output))
                    .Select(test => ((double)test.Iteration, test.Outputs[output]))],
                LinePoints);
    }

    // A batch holds few genuine pairs: the newest readings are counted together.
    private static IEnumerable<XElement> Angles(RunReport report, List<object[]> missing)
    {
        if (report.Angles.Count == 0)
        {
            if (report.Training.Count > 0)
                missing.Add(["Angles in training batches: ", Html.Code("atl train -run RUN_DIR"),
                    " keeps those of nets with a MarginInnerProduct layer."]);
            yield break;
        }

        AngleReading[] newest = [.. report.Angles.TakeLast(AnglesTogether)];
        yield return Histogram(
            "Angles between samples and rows of W", HistogramHeight, "Histogram of angles in training batches",
            "fraction of samples (%)",
            new("own row", Shares(a => a.OwnCentre), 3) { Area = true },
            new("nearest other row", Shares(a => a.OtherCentre), 4) { Area = true, Dash = 1 });
        yield return Histogram(
            "Angles of pairs in training batches", HistogramHeight, "Histogram of angles of pairs in training batches",
            "fraction of pairs (%)",
            new("genuine", Shares(a => a.Genuine), 3) { Area = true },
            new("impostor", Shares(a => a.Impostor), 2) { Area = true, Dash = 1 });

        IReadOnlyList<(double X, double Y)> Shares(Func<AngleReading, IReadOnlyList<long>> of)
            => Curves.Shares([.. Enumerable.Range(0, AngleHistogram.Bins)
                .Select(bin => newest.Sum(angles => (double)of(angles)[bin]))]);
    }

    /// <summary>Histograms of angles in one chart.</summary>
    public static XElement Histogram(string title, double height, string description, string label,
        params ChartSeries[] series) =>
        Html.Figure(title, new SvgChart
        {
            Description = description,
            XLabel = "angle (degrees)",
            YLabel = label,
            XRange = (0, 180),
            XStep = 30,
            Height = height,
            Series = series,
        });
}
