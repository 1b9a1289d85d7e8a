using System.Xml.Linq;
using Atl.Face.Runs;
using Atl.Face.Verification;
using static Atl.Face.Report.Html;

namespace Atl.Face.Report;

/// <summary>
/// The table of true accept rates and the other measures. One verification has its intervals and thresholds in columns;
/// of several, each has one column, with what else there is in small letters below the values.
/// </summary>
internal static class RateTable
{
    private const string Unknown = "–";

    /// <summary>A measure of one verification; empty where there is no interval, threshold or remark.</summary>
    private readonly record struct Measure(string Value, string Interval = "", string Threshold = "",
        string Remark = "");

    public static XElement Of(RunVerification[] all)
    {
        VerificationRecord first = all[0].Record;
        var body = new XElement("tbody");
        foreach (TarAtFar rate in first.TarAtFar)
            Row($"TAR @ FAR = {Rate(rate.Far)}", of => Tar(of.TarAtFar.FirstOrDefault(other => other.Far == rate.Far)));
        int folds = all.Max(one => one.Record.Accuracy?.Folds.Count ?? 0);
        Row(folds > 0 ? $"{folds}-fold accuracy" : "accuracy over folds", of => of.Accuracy is { } accuracy
            ? new Measure(
                Text($"{100 * accuracy.Mean:0.00} ± {100 * accuracy.StandardDeviation:0.00} %"), "",
                Text($"{accuracy.Folds.Average(fold => fold.Threshold):0.0000}"),
                "± σ over folds; threshold: their mean")
            : new Measure(Unknown, Remark: "needs two folds"));
        if (Array.Exists(all, one => one.Record.Insightface is not null))
            Row("accuracy of insightface", of => of.Insightface is { } accuracy
                ? new Measure(
                    Text($"{100 * accuracy.Mean:0.00} ± {100 * accuracy.StandardDeviation:0.00} %"), "",
                    Text($"{accuracy.Folds.Average(fold => fold.Threshold):0.0000}"), "threshold: a squared distance")
                : new Measure(Unknown, Remark: "needs -insightface"));
        Row("equal error rate", of => new Measure(
            Percent(of.EqualErrorRate), Interval(of.Intervals?.EqualErrorRate, Percent),
            Text($"{of.EqualErrorThreshold:0.0000}")));
        Row("area under ROC",
            of => new Measure(Text($"{of.Auc:0.0000}"), Interval(of.Intervals?.Auc, share => Text($"{share:0.0000}"))));
        Row("angular Fisher score", of => of.AngularFisher is { } fisher
            ? new Measure(Text($"{fisher:0.0000}"), Remark: "lower is better")
            : new Measure(Unknown, Remark: of.Pairs.Identities is null ? "needs identities: -identity or -labels"
                : "needs two identities"));
        string interval = first.Intervals is { } drawn ? Text($"{100 * drawn.Level:0} % interval over {drawn.Unit}")
            : "interval";
        string[] columns = all.Length == 1 ? ["value", interval, "threshold (cosine)"]
            : [.. all.Select(one => one.Name)];
        var head = new XElement("tr", columns.Prepend("measure")
            .Select(column => new XElement("th", new XAttribute("scope", "col"), column)));
        return Element("table", "rates", new XElement("thead", head), body);

        void Row(string name, Func<VerificationRecord, Measure> of)
        {
            IEnumerable<XElement> cells = all.Length == 1 ? Columns(of(first))
                : all.Select(one => Stacked(of(one.Record), one.Record));
            body.Add(new XElement("tr", new XElement("th", new XAttribute("scope", "row"), name), cells));
        }
    }

    private static Measure Tar(TarAtFar? rate) => rate switch
    {
        { Tar: { } tar } => new Measure(
            Percent(tar), Interval(rate.Interval, Percent), rate.Threshold is { } threshold
            ? Text($"{threshold:0.0000}") : "every pair accepted"),
        { NeededPairs: > 0 } =>
            new Measure(Unknown,
                Remark: Text($"too few impostor pairs ({rate.ImpostorPairs:N0}, need ≥ {rate.NeededPairs:N0})")),
        _ => new Measure(Unknown),
    };

    private static XElement[] Columns(Measure measure) => measure.Value == Unknown
        ? [new("td", new XAttribute("colspan", 3), Small(measure.Remark))] :
    [
        new("td", Element("div", "number", measure.Value), Small(measure.Remark)), new("td", measure.Interval),
        new("td", measure.Threshold),
    ];

    private static XElement Stacked(Measure measure, VerificationRecord of) => new(
        "td", Element("div", "number", measure.Value), Small(measure.Remark),
        Small(measure.Interval.Length > 0 ? Text($"{100 * of.Intervals?.Level:0} %: {measure.Interval}")
            : "", "small whole"),
        Small(measure.Threshold.Length > 0 ? "threshold " + measure.Threshold : "", "small whole"));

    private static XElement? Small(string text, string style = "small") => text.Length > 0 ? Element("div", style, text)
        : null;

    private static string Interval(ConfidenceInterval? interval, Func<double, string> write) =>
        interval is { } known ? $"{write(known.Lower)} … {write(known.Upper)}" : "";
}
