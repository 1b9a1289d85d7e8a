using System.Xml.Linq;
using Atl.Face.Datasets;
using Atl.Face.Report;
using Atl.Face.Runs;
using Atl.Face.Verification;

namespace Atl.Face.Tests.Report;

[TestFixture]
public sealed class HtmlReportTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Test]
    public void APageHoldsTheNumbersAndLoadsNothing()
    {
        RunReport report = Whole();
        string html = HtmlReport.ToHtml(report);
        XDocument page = XDocument.Parse(html);
        string text = string.Join("\n", page.Descendants().Where(e => !e.HasElements && e.Name.LocalName != "style").Select(e => e.Value));
        VerificationResult trained = report.Networks[0].Result;
        Assert.Multiple(() =>
        {
            Assert.That(html, Does.StartWith("<!DOCTYPE html>"));
            Assert.That(text, Does.Contain("A run of 5 < 6 steps & more"));
            Assert.That(text, Does.Contain($"{100 * trained.Tars[0].Tar:0.00} %"));
            Assert.That(text, Does.Contain($"{100 * trained.Accuracy!.Mean:0.0} ±"));
            Assert.That(text, Does.Contain($"{trained.Auc:0.0000}"));
            Assert.That(text, Does.Contain($"too few impostor pairs ({trained.Roc.Impostor}, need ≥ 1,000)"));
            Assert.That(text, Does.Contain("1 features are zero (image 79)"));
            Assert.That(text, Does.Contain("28 layers"));
            Assert.That(page.Descendants("script"), Is.Empty);
            Assert.That(page.Descendants().Attributes().Where(a => a.Name.LocalName is "src" or "href").Select(a => a.Value), Is.All.StartsWith("data:"));
            Assert.That(page.Descendants("img").Count(), Is.EqualTo(2 + 24), "two samples, six hardest pairs of either kind");
            Assert.That(page.Descendants("style").Single().Value, Does.Not.Contain("url(").And.Not.Contain("@import"));
        });
    }

    [Test]
    public void ChartsDrawEveryPointInsideTheFrame()
    {
        XDocument page = XDocument.Parse(HtmlReport.ToHtml(Whole()));
        XElement[] charts = [.. page.Descendants(Svg + "svg")];
        Assert.That(
            charts.Select(c => c.Attribute("aria-label")!.Value),
            Is.EqualTo(
            [
                "Loss by iteration", "λ of the margin layer by iteration", "Learning rate by iteration", "True accept rate by false accept rate, logarithmic",
                "Histogram of the angle between features, trained", "Histogram of the angle between features, untrained",
            ]));
        foreach (XElement chart in charts)
        {
            double[] box = [.. chart.Attribute("viewBox")!.Value.Split(' ').Select(double.Parse)];
            foreach (XElement path in chart.Descendants(Svg + "path"))
            {
                double[] numbers = [.. path.Attribute("d")!.Value.Split(['M', 'L', 'Z', ' '], StringSplitOptions.RemoveEmptyEntries).Select(double.Parse)];
                Assert.That(numbers, Has.Length.GreaterThanOrEqualTo(4));
                Assert.That(numbers.Where((_, i) => i % 2 == 0), Is.All.InRange(0, box[2]));
                Assert.That(numbers.Where((_, i) => i % 2 == 1), Is.All.InRange(0, box[3]));
            }
        }
    }

    [Test]
    public void TheRocCurveIsDrawnWhereItIs()
    {
        // Impostors 0.0 … 0.9: the curve starts at a rate of 0.1, where the one impostor 0.9 is accepted after 0.95 and 0.99 of five.
        var scores = new SortedScores([0.35, 0.85, 0.95, 0.99, 0.8], [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
        IReadOnlyList<(double X, double Y)> curve = Curves.Roc(scores);
        Assert.That(curve[0], Is.EqualTo((0.1, 0.4)));
        Assert.That(curve, Does.Contain((0.2, 0.8)));
        Assert.That(curve[^1], Is.EqualTo((1.0, 1.0)));
    }

    [Test]
    public void AnAlmostEmptyReportIsAPageToo()
    {
        XDocument page = XDocument.Parse(HtmlReport.ToHtml(new RunReport { Title = "Nothing yet", Training = [new(0, 0, double.NaN, null, null, null, null, new Dictionary<string, double>())] }));
        Assert.That(page.Descendants("h1").Single().Value, Is.EqualTo("Nothing yet"));
        Assert.That(page.Root!.Value, Does.Contain("no finite values"), "a loss that is NaN is said, not drawn");
    }

    [Test]
    public void SavingReplacesTheFileWhole()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.html");
        try
        {
            File.WriteAllText(path, "yesterday");
            HtmlReport.Save(new RunReport { Title = "New" }, path);
            Assert.That(File.ReadAllText(path), Does.Contain("New").And.Not.Contain("yesterday"));
            Assert.That(File.Exists(path + ".tmp"), Is.False);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void SmoothingKeepsMeansAndSkipsWhatIsNotFinite()
    {
        (double X, double Y)[] points = [.. Enumerable.Range(0, 400).Select(i => ((double)i, i == 100 ? double.NaN : 2.0 + (i % 2)))];
        IReadOnlyList<(double X, double Y)> smooth = Curves.Smooth(points);
        Assert.That(smooth.Select(p => p.Y), Is.All.InRange(2.0, 3.0));
        Assert.That(smooth[200].Y, Is.EqualTo(2.5).Within(0.06));
        Assert.That(smooth[399].Y, Is.EqualTo(3), "the last point is itself");
    }

    private static RunReport Whole()
    {
        int[] labels = [.. Enumerable.Range(0, 80).Select(i => i / 4)];
        PairList pairs = BalancedPairs.Create(labels, 20, seed: 3, folds: 10);
        var points = new TrainReading[500];
        for (int i = 0; i < points.Length; i++)
            points[i] = new TrainReading(i, 0, 7.0 / (1 + (0.02 * i)), i < 300 ? 0.1 : 0.01, 1000 / (1 + (0.12 * i)), null, null, new Dictionary<string, double>());
        var grey = new FaceSample(new byte[6], 0, 1, 2, 3);
        var colour = new FaceSample(new byte[18], 1, 3, 2, 3);
        return new RunReport
        {
            Title = "A run of 5 < 6 steps & more", Subtitle = "for the test", Training = points, Samples = [[grey, colour]], Picture = _ => colour,
            Networks =
            [
                new("trained", VerificationResult.Compute(Features(labels, 0.4), pairs, [0.01, 0.001])),
                new("untrained", VerificationResult.Compute(Features(labels, 4), pairs, [0.01, 0.001])),
            ],
            Facts = [new("net", "28 layers")],
        };
    }

    // A direction for each label, with noise; the last image's feature is zero.
    private static FeatureMatrix Features(int[] labels, double noise)
    {
        var random = new Random(12);
        var centres = new double[20, 16];
        for (int i = 0; i < centres.Length; i++)
            centres[i / 16, i % 16] = random.NextDouble() - 0.5;
        return FeatureMatrix.FromRows([.. labels.Select((label, i) => Enumerable.Range(0, 16)
            .Select(k => i == 79 ? 0f : (float)(centres[label, k] + (noise * (random.NextDouble() - 0.5)))).ToArray())]);
    }
}
