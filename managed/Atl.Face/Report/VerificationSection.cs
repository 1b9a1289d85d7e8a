using Atl.Proto;
using System.Xml.Linq;
using Atl.Face.Runs;
using Atl.Face.Verification;
using static Atl.Face.Report.Html;

namespace Atl.Face.Report;

/// <summary>
/// The results of verifications. Those of one protocol (snapshots of a net, for example) share one ROC and one table,
/// with the first one's figures on top; each has its own angles, projection and hardest pairs.
/// </summary>
internal static class VerificationSection
{
    // The false accept rate whose true accept rate stands on top: the nearest one that the pairs allow.
    private const double HeadlineRate = 0.01;

    public static IEnumerable<XElement> Of(RunReport report)
    {
        yield return new XElement("h2", "Verification");
        if (report.Verifications.Count == 0)
        {
            yield return Missing([[
                "This run has not been verified: ",
                Code("atl extract IMAGES -model DEPLOY -weights SNAPSHOT.caffemodel -out features.npy"),
                " makes features, and ", Code("atl verify features.npy -pairs pairs.txt -run RUN_DIR -images IMAGES"),
                " adds ROC, rates, angles, a projection and the hardest pairs, RUN_DIR being the folder of this page.",
            ]])!;
            yield break;
        }

        IGrouping<string, RunVerification>[] protocols = [.. report.Verifications.GroupBy(one => one.Protocol)];
        foreach (IGrouping<string, RunVerification> protocol in protocols)
        {
            RunVerification[] all = [.. protocol];
            if (protocols.Length > 1)
                yield return new XElement("h3", new XAttribute("class", "protocol"),
                    $"{all[0].Name}: {Protocol(all[0].Record)}");
            yield return Headlines(all);
            yield return Roc(all);
            yield return Element("div", "card scroll", RateTable.Of(all));
            foreach (RunVerification one in all)
                yield return One(one, alone: all.Length == 1, open: one == report.Verifications[0]);
        }
    }

    private static XElement Headlines(RunVerification[] all)
    {
        VerificationRecord first = all[0].Record;
        var cards = Element("div", "cards");
        if (first.TarAtFar.Where(rate => rate.Tar is not null)
            .MinBy(rate => Math.Abs(Math.Log10(rate.Far / HeadlineRate))) is { } shown)
        {
            cards.Add(Card(
                $"TAR @ FAR = {Rate(shown.Far)}", of =>
                of.TarAtFar.FirstOrDefault(rate => rate.Far == shown.Far)?.Tar is { } tar ? Percent(tar) : null));
        }

        if (first.Accuracy is { } accuracy)
        {
            cards.Add(Card(
                $"{accuracy.Folds.Count}-fold accuracy (± σ of folds)",
                of => of.Accuracy is { } other
                ? Text($"{100 * other.Mean:0.00} ± {100 * other.StandardDeviation:0.00} %") : null));
        }

        cards.Add(Card("Equal error rate", of => Percent(of.EqualErrorRate)));
        cards.Add(Card("Area under ROC", of => Text($"{of.Auc:0.0000}")));
        return cards;

        XElement Card(string name, Func<VerificationRecord, string?> value) => Element(
            "div", "card", Element("div", "name", name), Element("div", "value", value(first)),
            all.Skip(1).Where(other => value(other.Record) is not null)
                .Select(other => Element("div", "against", $"{other.Name}: {value(other.Record)}")));
    }

    private static XElement Roc(RunVerification[] all)
    {
        double least = 1.0 / all.Max(one => one.Record.Pairs.Impostor);
        return WideFigure("Receiver operating characteristic", new SvgChart
        {
            Description = "True accept rate by false accept rate, logarithmic",
            XLabel = "false accept rate (logarithmic)",
            YLabel = "true accept rate (%)",
            LogX = true,
            Height = 340,
            XRange = (Math.Min(0.1, Math.Pow(10, Math.Floor(Math.Log10(least)))), 1),
            YRange = (0, 100),
            Series =
            [
                .. all.Select((one, i) =>
                    new ChartSeries(one.Name, [.. one.Record.Roc.Select(point => (point.Far, 100 * point.Tar))],
                        1 + (i % ChartSeries.Colors))
                    {
                        Dash = i % ChartSeries.Dashes,
                    }),
            ],
        });
    }

    private static XElement One(RunVerification one, bool alone, bool open)
    {
        VerificationRecord record = one.Record;
        List<object[]> missing = [];
        XElement angles = TrainingSection.Histogram(
            "Angles between features", ProjectionChart.Height, $"Histogram of the angle between features, {one.Name}",
            "fraction of pairs (%)",
            new("genuine", Curves.Shares(Counts(record.Angles.Genuine), record.Angles.Width), 3) { Area = true },
            new("impostor", Curves.Shares(Counts(record.Angles.Impostor), record.Angles.Width), 2)
            {
                Area = true,
                Dash = 1
            });
        var section = Element("section", "one", alone ? null : new XElement("h3", one.Name), Soft(Describe(one)));
        section.Add(Element("div", "grid2", angles, record.Projection is { } projection
            ? ProjectionChart.Of(projection, one.Name) : null));
        if (record.Projection is null)
        {
            missing.Add([
                "A projection of some identities: it needs two identities with two images each, and their labels (",
                Code("atl verify -identity folder|lfw"), " or ", Code("-labels FILE"), ").",
            ]);
        }

        if (record.Intervals is null)
            missing.Add(["Confidence intervals: ", Code("atl verify -bootstrap 400"), " draws them."]);
        section.Add(HardestPairsSection.Of(one, open, missing));
        section.Add(Missing(missing));
        if (record.Issues.Count > 0)
        {
            section.Add(Element(
                "div", "card issues", new XElement("h4", "Noticed"),
                new XElement("ul", record.Issues.Select(issue => new XElement("li", Issue(issue))))));
        }

        return section;
    }

    private static double[] Counts(IReadOnlyList<long> counts) => [.. counts.Select(count => (double)count)];

    private static string Describe(RunVerification one)
    {
        (FeatureSource features, PairSource pairs) = (one.Record.Features, one.Record.Pairs);
        string folds = one.Record.Accuracy is null
            ? "" : $"; {Amount.Of(pairs.FoldPairs, "pair", "N0")} in {Amount.Of(pairs.Folds, "fold")} for the accuracy";
        string unscored = pairs.Unscored > 0
            ? $", {Amount.Of(pairs.Unscored, "pair", "N0")} without a score" : "";
        string scored = Text(
            $"{pairs.Genuine:N0} genuine and {pairs.Impostor:N0} impostor pairs for ROC and rates{unscored}{folds}");
        string from = $"{features.Path}: {Amount.Of(features.Rows, "feature", "N0")} of "
            + Amount.Of(features.Columns, "value", "N0");
        return Text($"{from}; {Protocol(one.Record)}: {scored}. {one.Time.UtcDateTime:yyyy-MM-dd HH:mm} UTC.");
    }

    private static string Protocol(VerificationRecord record)
    {
        string people = record.Pairs.Identities is { } known ? $" of {Amount.Of(known, "identity", "N0")}" : "";
        return (record.Pairs.Path is { } path ? Path.GetFileName(path) : "all pairs") + people;
    }

    private static string Issue(IssueRecord issue)
    {
        const int Shown = 5;
        IEnumerable<string> places = issue.Places.Take(Shown).Select(place => place.Name
            ?? Text($"{issue.Unit} {place.Number}"));
        return Text(
            $"{issue.What} ({issue.Count:N0}): {string.Join(", ", places)}{(issue.Count > Shown ? ", …" : "")}");
    }
}
