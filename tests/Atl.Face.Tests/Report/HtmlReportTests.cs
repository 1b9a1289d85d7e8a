using System.Xml.Linq;
using Atl.Face.Datasets;
using Atl.Face.Extraction;
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
        string text = string.Join("\n", page.Descendants().Where(e => !e.HasElements && e.Name.LocalName != "style")
            .Select(e => e.Value));
        VerificationRecord trained = report.Verifications[0].Record;
        Assert.Multiple(() =>
        {
            Assert.That(html, Does.StartWith("<!DOCTYPE html>"));
            Assert.That(text, Does.Contain("A run of 5 < 6 steps & more"));
            Assert.That(text, Does.Contain($"{100 * trained.TarAtFar[0].Tar:0.00} %"));
            Assert.That(text, Does.Contain($"{100 * trained.Accuracy!.Mean:0.00} ±"));
            Assert.That(text, Does.Contain($"{trained.Auc:0.0000}"));
            Assert.That(text, Does.Contain($"too few impostor pairs ({trained.Pairs.Impostor:N0}, need ≥ 100,000)"));
            Assert.That(text, Does.Contain("features are zero (1): person 19, image 4"));
            Assert.That(text, Does.Contain("28 layers"));
            Assert.That(page.Descendants("script"), Is.Empty);
            Assert.That(page.Descendants().Attributes().Where(a => a.Name.LocalName is "src" or "href")
                .Select(a => a.Value), Is.All.StartsWith("data:"));
            Assert.That(page.Descendants("img").Count(), Is.EqualTo(2 + 48),
                "two samples, twelve hardest pairs of either kind of the trained net alone");
            Assert.That(page.Descendants("style").Single().Value, Does.Not.Contain("url(").And.Not.Contain("@import"));
        });
    }

    [Test]
    public void ChartsDrawEveryPointInsideTheFrame()
    {
        XDocument page = XDocument.Parse(HtmlReport.ToHtml(Whole()));
        XElement[] charts = [.. page.Descendants(Svg + "svg").Where(svg => svg.Attribute("role") is not null)];
        Assert.That(
            charts.Select(c => c.Attribute("aria-label")!.Value).Distinct(),
            Is.EqualTo(
            [
                "Loss by iteration", "λ of the margin layer by iteration", "Learning rate by iteration",
                "True accept rate by false accept rate, logarithmic",
                "Histogram of the angle between features, trained", "Projection of features of 8 identities, trained",
                "Histogram of the angle between features, untrained", "Projection of features of 8 identities, untrained",
            ]));
        Assert.That(charts.Count(c => c.Attribute("class")?.Value == "narrow"), Is.EqualTo(2),
            "the wide charts have drawings for narrow pages");
        foreach (XElement chart in charts)
        {
            double[] box = [.. chart.Attribute("viewBox")!.Value.Split(' ').Select(double.Parse)];
            foreach (XElement path in chart.Descendants(Svg + "path"))
            {
                double[] numbers = [.. path.Attribute("d")!.Value.Split(['M', 'L', 'Z', ' '],
                    StringSplitOptions.RemoveEmptyEntries).Select(double.Parse)];
                Assert.That(numbers, Has.Length.GreaterThanOrEqualTo(4));
                Assert.That(numbers.Where((_, i) => i % 2 == 0), Is.All.InRange(0, box[2]));
                Assert.That(numbers.Where((_, i) => i % 2 == 1), Is.All.InRange(0, box[3]));
            }
        }
    }

    [Test]
    public void WhatIsMissingIsSaidWithTheCommandThatMakesIt()
    {
        RunReport report = Whole();
        VerificationRecord bare = report.Verifications[0].Record with
        {
            Intervals = null,
            Projection = null,
            AngularFisher = null,
            Accuracy = null
        };
        RunReport poor = report
            with
        { Training = [], Verifications = [report.Verifications[1] with { Record = bare }] };
        string page = XDocument.Parse(HtmlReport.ToHtml(poor)).Root!.Value;
        Assert.Multiple(() =>
        {
            Assert.That(page,
                Does.Contain("The course of training: atl train -solver SOLVER -run RUN_DIR writes its log"));
            Assert.That(page, Does.Contain("Confidence intervals: atl verify -bootstrap 400 draws them"));
            Assert.That(page,
                Does.Contain("A projection of some identities: it needs")
                    .And.Contain("atl verify -identity folder|lfw"));
            Assert.That(page, Does.Contain("of the hardest pairs: atl verify … -run RUN_DIR -images IMAGES"));
            Assert.That(page, Does.Contain("needs two folds"));
        });
        string without = XDocument.Parse(HtmlReport.ToHtml(report with { Verifications = [] })).Root!.Value;
        Assert.That(without,
            Does.Contain("This run has not been verified").And.Contain(
                "atl verify features.npy -pairs pairs.txt -run RUN_DIR -images"));
        Assert.That(without,
            Does.Contain("Throughput: the log does not name it").And.Contain("Test outputs: no test net was run"));
    }

    [Test]
    public void VerificationsOfOneProtocolShareATableAndOthersHaveTheirOwn()
    {
        RunReport report = Whole();
        (RunVerification trained, RunVerification untrained) = (report.Verifications[0], report.Verifications[1]);
        Assert.That(trained.Protocol, Is.EqualTo(untrained.Protocol));
        Assert.That(Heads(Tables(trained, untrained).Single()), Is.EqualTo(["measure", "trained", "untrained"]));
        Assert.That(Tables(trained, untrained with { Protocol = "other" }), Has.Length.EqualTo(2));
        Assert.That(Heads(Tables(trained).Single()),
            Is.EqualTo(["measure", "value", "95 % interval over identities", "threshold (cosine)"]));

        XElement[] Tables(params RunVerification[] verifications)
        {
            XDocument page = XDocument.Parse(HtmlReport.ToHtml(report with { Verifications = verifications }));
            return [.. page.Descendants("table").Where(table => table.Attribute("class")?.Value == "rates")];
        }

        static IEnumerable<string> Heads(XElement table) =>
            table.Element("thead")!.Descendants("th").Select(th => th.Value);
    }

    [Test]
    public void DecadesAreLabelledSoThatTheyCanBeRead()
    {
        var axis = ChartAxis.Over((1e-6, 1), log: true, grow: false);
        Assert.That(axis.Ticks().Select(tick => tick.Label),
            Is.EqualTo(["10⁻⁶", "10⁻⁵", "10⁻⁴", "0.001", "0.01", "0.1", "1"]));
        Assert.That(axis.MinorTicks().Count(), Is.EqualTo(48));
        var linear = ChartAxis.Over((0, 110_000), log: false, grow: true);
        Assert.That(linear.Ticks().Select(tick => tick.Label),
            Is.EqualTo(["0", "20k", "40k", "60k", "80k", "100k", "120k"]));
        Assert.That(ChartAxis.Over((3, 3), log: false, grow: true).Ticks().Select(tick => tick.Label),
            Is.EqualTo(["0", "1", "2", "3", "4"]));
    }

    [Test]
    public void AnAlmostEmptyReportIsAPageToo()
    {
        XDocument page = XDocument.Parse(HtmlReport.ToHtml(new RunReport
        {
            Title = "Nothing yet",
            Training = [new(0, 0, double.NaN, null, null, null, null, new Dictionary<string, double>())]
        }));
        Assert.That(page.Descendants("h1").Single().Value, Is.EqualTo("Nothing yet"));
        Assert.That(page.Root!.Value, Does.Contain("no finite values"), "a loss that is NaN is said, not drawn");
    }

    [Test]
    public void ControlCharactersAreNoError() =>
        Assert.That(HtmlReport.ToHtml(new RunReport { Title = "a\u0001b" }), Does.Contain("<h1>a&#x1;b</h1>"));

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
    public void AHistogramIsDrawnFromItsFirstPairToItsLast()
    {
        (double, double)[] outline = [(3, 0), (3, 25), (6, 25), (6, 0), (9, 0), (9, 75), (12, 75), (12, 0)];
        Assert.That(Curves.Shares([0, 1, 0, 3, 0], 3), Is.EqualTo(outline));
        Assert.That(Curves.Shares([0, 0], 3), Is.Empty);
    }

    [Test]
    public void SmoothingKeepsMeansAndSkipsWhatIsNotFinite()
    {
        (double X, double Y)[] points =
            [.. Enumerable.Range(0, 400).Select(i => ((double)i, i == 100 ? double.NaN : 2.0 + (i % 2)))];
        IReadOnlyList<(double X, double Y)> smooth = Curves.Smooth(points);
        Assert.That(smooth.Select(p => p.Y), Is.All.InRange(2.0, 3.0));
        Assert.That(smooth[200].Y, Is.EqualTo(2.5).Within(0.06));
        Assert.That(smooth[399].Y, Is.EqualTo(3), "the last point is itself");
    }

    private static RunReport Whole()
    {
        int[] labels = [.. Enumerable.Range(0, 80).Select(i => i / 4)];
        var points = new TrainReading[500];
        for (int i = 0; i < points.Length; i++)
            points[i] = new TrainReading(i, 0, 7.0 / (1 + (0.02 * i)),
                i < 300 ? 0.1 : 0.01, 1000 / (1 + (0.12 * i)), null, null, new Dictionary<string, double>());
        var grey = new FaceSample(new byte[6], 0, 1, 2, 3);
        var color = new FaceSample(new byte[18], 1, 3, 2, 3);
        return new RunReport
        {
            Title = "A run of 5 < 6 steps & more",
            Subtitle = "for the test",
            Training = points,
            Samples = [[grey, color]],
            Verifications =
            [
                Verification("trained", labels, 0.4,
                    names => names.ToDictionary(name => name, _ => Thumbnail.Of(color))),
                Verification("untrained", labels, 4, _ => new Dictionary<string, Thumbnail>()),
            ],
            Facts = [new("net", "28 layers")],
        };
    }

    private static RunVerification Verification(
        string name, int[] labels, double noise,
        Func<IReadOnlyCollection<string>, IReadOnlyDictionary<string, Thumbnail>> pictures)
    {
        FeatureMatrix features = Features(labels, noise);
        string[] people = [.. labels.Select(label => $"person {label}")];
        VerificationRecorder recorder = VerificationRecorder.OfAllPairs(
            features, new FeatureSource("faces", features.Rows, features.Columns, null),
            new ImageNames(EmbeddingEvaluation.Names(people)), people,
            new VerificationOptions { Rates = [0.01, 0.00001], Bootstrap = new BootstrapOptions { Replicates = 20 } },
            folds: 10, seed: 3, hardest: 20);
        return RunVerification.Of(name, recorder.Record(), ProtocolDigest.Of(recorder), pictures);
    }

    // A direction for each label, with noise; the last image's feature is zero.
    private static FeatureMatrix Features(int[] labels, double noise)
    {
        var random = new Random(12);
        double[,] centres = new double[20, 16];
        for (int i = 0; i < centres.Length; i++)
            centres[i / 16, i % 16] = random.NextDouble() - 0.5;
        return FeatureMatrix.FromRows([.. labels.Select((label, i) => Enumerable.Range(0, 16)
            .Select(k => i == 79 ? 0f : (float)(centres[label, k] + (noise * (random.NextDouble() - 0.5))))
            .ToArray())]);
    }
}
