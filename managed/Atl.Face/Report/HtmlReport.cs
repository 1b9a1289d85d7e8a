using System.Text;
using System.Xml;
using System.Xml.Linq;
using Atl.Face.Datasets;
using Atl.Face.Runs;
using Atl.Face.Verification;
using Atl.Proto;
using static System.FormattableString;

namespace Atl.Face.Report;

/// <summary>
/// Writes a <see cref="RunReport"/> as one HTML page that needs nothing else: charts are inline SVG, pictures are data: addresses, there is no
/// script. The page is well-formed XML too.
/// </summary>
public static class HtmlReport
{
    private const int HardestPairs = 6;
    private const int AnglesTogether = 10;

    /// <summary>Writes the page to a file, by way of a temporary name, so that a reader never sees half of it.</summary>
    /// <exception cref="AtlException">The file cannot be written.</exception>
    public static void Save(RunReport report, string path) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToHtml(report))));

    /// <summary>The page.</summary>
    public static string ToHtml(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var main = new XElement("main", new XElement("h1", report.Title));
        if (!string.IsNullOrEmpty(report.Subtitle))
            main.Add(new XElement("p", new XAttribute("class", "subtitle"), report.Subtitle));
        main.Add(Headlines(report), Training(report), Verification(report), Samples(report), Hardest(report), Facts(report));
        main.Add(new XElement("footer", "Made by Atl. This page holds everything it shows; it loads nothing."));

        var html = new XElement(
            "html", new XAttribute("lang", "en"),
            new XElement(
                "head", new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("title", report.Title), new XElement("style", ReportStyle.Css)),
            new XElement("body", main));
        // Inside HTML, svg needs no namespace declaration, but XML readers want it; it is written once a chart.
        var text = new StringBuilder("<!DOCTYPE html>\n");
        using (XmlWriter writer = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = false }))
            html.WriteTo(writer);
        return text.Append('\n').ToString();
    }

    private static XElement? Headlines(RunReport report)
    {
        if (report.Networks.Count == 0)
            return null;
        ReportNetwork first = report.Networks[0];
        VerificationResult result = first.Result;
        var cards = new XElement("div", new XAttribute("class", "cards"));
        TarAtFar? tar = result.Tars.Where(t => t.Tar is not null).Select(t => (TarAtFar?)t).OrderBy(t => Math.Abs(Math.Log10(t!.Value.Far) + 2)).FirstOrDefault();
        if (tar is TarAtFar shown)
        {
            int index = result.Tars.ToList().IndexOf(shown);
            cards.Add(Card(Invariant($"TAR @ FAR = {shown.Far:0.######}"), Percent(shown.Tar!.Value), other => index < other.Tars.Count && other.Tars[index].Tar is double t ? Percent(t) : null));
        }

        if (result.Accuracy is FoldAccuracy accuracy)
            cards.Add(Card($"{accuracy.Folds.Count}-fold accuracy (± σ of folds)", Invariant($"{100 * accuracy.Mean:0.0} ± {100 * accuracy.StandardDeviation:0.0} %"), other => other.Accuracy is FoldAccuracy a ? Percent(a.Mean) : null));
        cards.Add(Card("Equal error rate", Percent(result.EqualErrorRate), other => Percent(other.EqualErrorRate)));
        cards.Add(Card("Area under ROC", Invariant($"{result.Auc:0.0000}"), other => Invariant($"{other.Auc:0.0000}")));
        return cards;

        XElement Card(string name, string value, Func<VerificationResult, string?> of)
        {
            var card = new XElement("div", new XAttribute("class", "card"), Div("name", name), Div("value", value));
            foreach (ReportNetwork other in report.Networks.Skip(1))
            {
                if (of(other.Result) is string against)
                    card.Add(Div("against", $"{other.Name}: {against}"));
            }

            return card;
        }
    }

    private static IEnumerable<XElement> Training(RunReport report)
    {
        if (report.Training.Count == 0)
            yield break;
        yield return new XElement("h2", "Training");
        IReadOnlyList<(double X, double Y)> raw = [.. report.Training.Select(p => ((double)p.Iteration, p.Loss))];
        yield return Figure("Loss", new SvgChart
        {
            Description = "Loss by iteration", XLabel = "iteration", YLabel = "loss", Width = 1060, Height = 300,
            Series = [new(null, Curves.Thin(raw, 1200), 1) { Faint = true }, new("smoothed", Curves.Thin(Curves.Smooth(raw), 600), 1)],
        });
        var small = new XElement("div", new XAttribute("class", "grid2"), new XAttribute("style", "margin-top:14px"));
        AddCurve("λ of the margin layer", "λ", p => p.Lambda, 3);
        AddCurve("Learning rate", "lr", p => p.LearningRate, 4);
        AddCurve("Images a second", "images/s", p => p.ImagesPerSecond, 2);
        foreach (string output in report.Tests.SelectMany(test => test.Outputs.Keys).Distinct())
            AddTest(output);
        AddAngles();
        if (small.HasElements)
            yield return small;

        void AddCurve(string title, string label, Func<TrainReading, double?> of, int colour)
        {
            List<(double X, double Y)> points = [.. report.Training.Where(p => of(p) is not null).Select(p => ((double)p.Iteration, of(p)!.Value))];
            if (points.Count == 0)
                return;
            double least = points.Min(p => p.Y), most = points.Max(p => p.Y);
            bool decades = least > 0 && most > 20 * least;
            small.Add(Figure(title, new SvgChart
            {
                Description = title + " by iteration", XLabel = "iteration", YLabel = label, LogY = decades, Height = 240, Series = [new(null, Curves.Thin(points, 600), colour)],
            }));
        }

        void AddTest(string output)
        {
            int[] nets = [.. report.Tests.Select(test => test.Net).Distinct().Order()];
            small.Add(Figure($"Test: {output}", new SvgChart
            {
                Description = $"Test output {output} by iteration", XLabel = "iteration", YLabel = output, Height = 240,
                Series = [.. nets.Select((net, i) => new ChartSeries(
                    $"net {net}", [.. report.Tests.Where(test => test.Net == net && test.Outputs.ContainsKey(output)).Select(test => ((double)test.Iteration, test.Outputs[output]))], 1 + (i % 4)))],
            }));
        }

        // A batch holds few genuine pairs: the newest readings are counted together.
        void AddAngles()
        {
            if (report.Angles.Count == 0)
                return;
            AngleReading[] newest = [.. report.Angles.TakeLast(AnglesTogether)];
            small.Add(Figure("Angles in training batches", new SvgChart
            {
                Description = "Histogram of angles in training batches", XLabel = "angle (degrees)", YLabel = "share (%)", XRange = (0, 180), XStep = 30, Height = 240,
                Series = [new("own row", Shares(a => a.OwnCentre), 3) { Area = true }, new("nearest other", Shares(a => a.OtherCentre), 4) { Area = true }],
            }));
            small.Add(Figure("Angles of pairs in training batches", new SvgChart
            {
                Description = "Histogram of angles of pairs in training batches", XLabel = "angle (degrees)", YLabel = "share of pairs (%)", XRange = (0, 180), XStep = 30, Height = 240,
                Series = [new("genuine", Shares(a => a.Genuine), 3) { Area = true }, new("impostor", Shares(a => a.Impostor), 2) { Area = true }],
            }));

            IReadOnlyList<(double X, double Y)> Shares(Func<AngleReading, IReadOnlyList<long>> of)
                => Curves.Shares([.. Enumerable.Range(0, AngleHistogram.Bins).Select(bin => newest.Sum(angles => of(angles).ElementAtOrDefault(bin)))]);
        }
    }

    private static IEnumerable<XElement> Verification(RunReport report)
    {
        if (report.Networks.Count == 0)
            yield break;
        VerificationResult first = report.Networks[0].Result;
        yield return new XElement("h2", "Verification");
        long impostors = first.Roc.Impostor;
        yield return Figure("ROC", new SvgChart
        {
            Description = "True accept rate by false accept rate, logarithmic", XLabel = "false accept rate", YLabel = "true accept rate", LogX = true, Width = 1060, Height = 340,
            XRange = (Math.Min(0.1, Math.Pow(10, Math.Floor(Math.Log10(1.0 / impostors)))), 1), YRange = (0, 1),
            Series = [.. report.Networks.Select((n, i) => new ChartSeries(n.Name, Curves.Roc(n.Result.Roc), 1 + (i % 4)))],
        });
        var charts = new XElement("div", new XAttribute("class", "grid2"), new XAttribute("style", "margin-top:14px"));
        foreach (ReportNetwork network in report.Networks)
        {
            (IReadOnlyList<(double X, double Y)> genuine, IReadOnlyList<(double X, double Y)> impostor) = Curves.Angles(network.Result);
            charts.Add(Figure($"Angles, {network.Name}", new SvgChart
            {
                Description = $"Histogram of the angle between features, {network.Name}", XLabel = "angle (degrees)", YLabel = "share of pairs (%)", XRange = (0, 180), XStep = 30,
                Series = [new("genuine", genuine, 3) { Area = true }, new("impostor", impostor, 2) { Area = true }],
            }));
        }

        yield return charts;
        yield return new XElement("div", new XAttribute("class", "card scroll"), new XAttribute("style", "margin-top:14px"), RateTable(report.Networks));
        yield return new XElement(
            "p", new XAttribute("class", "soft"),
            Invariant($"{first.Roc.Genuine:N0} genuine and {impostors:N0} impostor pairs behind ROC and rates; {first.Pairs.Pairs.Count:N0} pairs in {first.Pairs.Folds} folds behind the accuracy."));
        foreach (ReportNetwork network in report.Networks)
        {
            IReadOnlyList<string> issues = network.Result.Issues.Describe();
            if (issues.Count > 0)
            {
                yield return new XElement(
                    "div", new XAttribute("class", "card issues"), new XElement("h3", $"Noticed, {network.Name}"), new XElement("ul", issues.Select(line => new XElement("li", line))));
            }
        }
    }

    private static XElement RateTable(IReadOnlyList<ReportNetwork> networks)
    {
        var head = new XElement("tr", new XElement("th", "TAR @ FAR"), networks.Select(n => new XElement("th", n.Name)));
        var table = new XElement("table", new XElement("thead", head));
        var body = new XElement("tbody");
        foreach (TarAtFar rate in networks[0].Result.Tars)
        {
            body.Add(new XElement("tr", new XElement("td", Invariant($"{rate.Far:0.######}")), networks.Select(n => Cell(n.Result.Tars.FirstOrDefault(t => t.Far == rate.Far)))));
        }

        if (networks.Select(n => n.Result.Accuracy).FirstOrDefault(a => a is not null) is FoldAccuracy any)
            Row($"{any.Folds.Count}-fold accuracy", r => r.Accuracy is FoldAccuracy a ? Invariant($"{100 * a.Mean:0.00} ± {100 * a.StandardDeviation:0.00} %") : "–");
        Row("equal error rate", r => Percent(r.EqualErrorRate));
        Row("area under ROC", r => Invariant($"{r.Auc:0.0000}"));
        table.Add(body);
        return table;

        static XElement Cell(TarAtFar rate) => rate switch
        {
            { Tar: double tar } => new XElement("td", new XAttribute("title", rate.ToString()), Percent(tar)),
            { NeededPairs: > 0 } => new XElement("td", new XAttribute("class", "soft"), Invariant($"too few impostor pairs ({rate.ImpostorPairs:N0}, need ≥ {rate.NeededPairs:N0})")),
            _ => new XElement("td", "–"),
        };

        void Row(string name, Func<VerificationResult, string> of)
            => body.Add(new XElement("tr", new XElement("td", name), networks.Select(n => new XElement("td", of(n.Result)))));
    }

    private static IEnumerable<XElement> Samples(RunReport report)
    {
        if (report.Samples.Count == 0)
            yield break;
        yield return new XElement("h2", "Faces");
        yield return new XElement("p", new XAttribute("class", "soft"), "One person a row.");
        yield return new XElement(
            "div", new XAttribute("class", "faces"),
            report.Samples.Select(row => new XElement("div", new XAttribute("class", "row"), row.Select(sample => Picture(sample, $"person {sample.Label}")))));
    }

    private static IEnumerable<XElement> Hardest(RunReport report)
    {
        if (report.Picture is null || report.Networks.Count == 0)
            yield break;
        VerificationResult result = report.Networks[0].Result;
        int[] scored = [.. Enumerable.Range(0, result.Scores.Count).Where(i => !double.IsNaN(result.Scores[i]) && result.Pairs.Pairs[i].First != result.Pairs.Pairs[i].Second)];
        yield return new XElement("h2", "Hardest pairs");
        yield return new XElement("h3", "One person, largest angles");
        yield return Strip(scored.Where(i => result.Pairs.Pairs[i].Same).OrderBy(i => result.Scores[i]));
        yield return new XElement("h3", new XAttribute("style", "margin-top:16px"), "Two persons, smallest angles");
        yield return Strip(scored.Where(i => !result.Pairs.Pairs[i].Same).OrderByDescending(i => result.Scores[i]));

        XElement Strip(IEnumerable<int> order) => new(
            "div", new XAttribute("class", "pairs"),
            order.Take(HardestPairs).Select(i => new XElement(
                "div", new XAttribute("class", "pair"), Picture(report.Picture(result.Pairs.Pairs[i].First), "first of the pair"),
                Picture(report.Picture(result.Pairs.Pairs[i].Second), "second of the pair"), Div(null, Invariant($"{AngleHistogram.Degrees(result.Scores[i]):0.0}°")))));
    }

    private static IEnumerable<XElement> Facts(RunReport report)
    {
        if (report.Facts.Count == 0)
            yield break;
        yield return new XElement("h2", "Run");
        yield return new XElement(
            "div", new XAttribute("class", "card scroll"),
            new XElement("table", new XAttribute("class", "facts"), new XElement("tbody", report.Facts.Select(f => new XElement("tr", new XElement("td", f.Key), new XElement("td", f.Value))))));
    }

    private static XElement Figure(string title, SvgChart chart)
        => new("div", new XAttribute("class", "card"), new XElement("h3", title), (object?)chart.ToElement() ?? new XElement("p", new XAttribute("class", "soft"), "no finite values"));

    private static XElement Picture(FaceSample sample, string alt)
        => new("img", new XAttribute("src", ReportPicture.DataUri(sample)), new XAttribute("alt", alt), new XAttribute("width", sample.Width), new XAttribute("height", sample.Height));

    private static XElement Div(string? style, string text) => new("div", style is null ? null : new XAttribute("class", style), text);

    private static string Percent(double share) => Invariant($"{100 * share:0.00} %");
}
