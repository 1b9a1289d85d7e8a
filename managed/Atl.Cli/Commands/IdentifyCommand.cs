using Atl.Proto;
using System.Globalization;
using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Face.Identification;
using Atl.Face.Verification;

namespace Atl.Cli.Commands;

/// <summary>identify: how well features find identities in a gallery.</summary>
internal sealed class IdentifyCommand : Command
{
    private const string Input = "FEATURES";

    // Issues of images that could not be taken.
    private static readonly string[] NotTaken = ["absent_gallery", "gallery_left_out", "probes_left_out"];

    public override string Name => "identify";

    public override string Summary => "measure face identification (1:N) in a gallery: CMC, TPIR@FPIR";

    public override IReadOnlyList<Argument> Arguments =>
        [new(Input, "extracted features of the probes, or of both without -gallery: .npy, .npz, .csv, HDF5, or an LMDB "
            + "or LevelDB folder")];

    public override IReadOnlyList<Flag> Flags =>
    [
        FeatureFlags.Names,
        FeatureFlags.Labels,
        FeatureFlags.Identity with
        {
            Help = "how to read identities from names without labels: the first folder below the shared one, or as in "
                + "LFW (NAME_0001); auto takes labels after the names, else folders",
        },
        FeatureFlags.Array,
        new("gallery", FlagKind.Text, "the gallery's features", "FEATURES"),
        new("gallery_names", FlagKind.Text, "names of the gallery's images, like -names", "FILE"),
        new("gallery_labels", FlagKind.Text, "identities of the gallery's images, like -labels", "FILE"),
        new("gallery_list", FlagKind.Text,
            "the gallery's images among FEATURES, one name per line; the others are probes. Default without -gallery: "
                + "the first image of each identity", "FILE"),
        new("singles", FlagKind.Text, "where identities with one image go if the gallery is the first image of each",
            "gallery|probes") { Default = "gallery", Choices = ["gallery", "probes"] },
        new("ranks", FlagKind.Text, "the ranks of the table", "a,b,...") { Default = "1,5,10,20,50,100" },
        new("fpir", FlagKind.Text, "the false positive identification rates", "a,b,...") { Default = "0.1,0.01,0.001" },
        new("json", FlagKind.Text, "write everything as JSON (docs/faces.md)", "FILE"),
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
    [
        ("the first image of each identity is the gallery; identities with one image are unknown",
            "atl identify lfw.npy -names lfw.txt -identity lfw -singles probes"),
        ("a separate gallery", "atl identify probes.npy -names probes.txt -gallery gallery.npy -gallery_names "
            + "gallery.txt -json found.json"),
    ];

    public override void Run(FlagValues flags, GlogLogger log)
    {
        bool two = flags.IsGiven("gallery");
        if (two && flags.IsGiven("gallery_list"))
            throw new UsageException("identify takes -gallery FEATURES or -gallery_list FILE, not both");
        if (!two && (flags.IsGiven("gallery_names") || flags.IsGiven("gallery_labels")))
            throw new UsageException("-gallery_names and -gallery_labels go with -gallery FEATURES");
        int[] ranks = Ranks(flags);
        double[] rates = FeatureFlags.Rates(flags, "fpir");
        FeatureInput probes = FeatureFlags.Read(flags.Argument(Input), flags.Text("names"), flags.Text("labels"),
            flags, log);
        FeatureInput gallery = two ? FeatureFlags.Read(flags.Text("gallery"), flags.Text("gallery_names"),
            flags.Text("gallery_labels"), flags, log) : probes;
        List<IssueRecord> issues = [];
        (int[] galleryRows, int[] probeRows) = two
            ? ([.. Enumerable.Range(0, gallery.Names.Count)], [.. Enumerable.Range(0, probes.Names.Count)])
            : flags.Text("gallery_list") is { Length: > 0 } list ? GalleryList.Read(list, probes.Names, issues)
                : GallerySplit.FirstOfEach(Identities.Number(probes.People()), flags.Text("singles") == "probes");
        IdentificationRecorder recorder = new()
        {
            Gallery = gallery,
            GalleryRows = galleryRows,
            Probes = probes,
            ProbeRows = probeRows,
        };
        IdentificationRecord record = recorder.Record(ranks, rates);
        record = record with { Issues = [.. issues, .. record.Issues] };
        if (flags.Text("json") is { Length: > 0 } json) record.Write(json);
        Print(record, Console.Out);
        IssueLines.Write(record.Issues, Console.Error);
        if (record.Issues.Any(issue => NotTaken.Contains(issue.Kind)))
            throw new IncompleteException("some images could not be used: "
                + $"{string.Join("; ", record.Issues.Select(issue => $"{issue.What} ({issue.Count})"))}");
    }

    private static int[] Ranks(FlagValues flags) =>
    [
        .. flags.Parts("ranks").Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture,
            out int rank) && rank > 0
            ? rank
            : throw new UsageException(
                $"flag '-ranks' is '{part}', expected positive numbers with commas between them")),
    ];

    private static void Print(IdentificationRecord record, TextWriter output)
    {
        string gallery = $"{Amount.Of(record.Gallery.Images, "image", "N0")} of "
            + Amount.Of(record.Gallery.People, "identity", "N0");
        output.WriteLine($"gallery: {gallery} from {record.Gallery.Features.Path}");
        string known = Text($"{record.Known:N0} of identities in the gallery, {record.Unknown:N0} of others");
        output.WriteLine(Text($"probes: {Amount.Of(record.Probes.Images, "image", "N0")} from {record.Probes.Features.Path}, {known}"));
        output.WriteLine();
        TextTable table = new("measure", ">value", ">threshold");
        foreach (CmcPoint point in record.Cmc)
            table.Add(Text($"rank {point.Rank}"), Text($"{100 * point.Rate:F2} %"), "");
        foreach (TpirRecord tpir in record.TpirAtFpir)
            table.Add(
                Text($"TPIR@FPIR={tpir.Fpir:0.#########}"),
                tpir.Tpir is { } rate ? Text($"{100 * rate:F2} %")
                    : Text($"needs {Amount.Of(tpir.NeededProbes, "probe", "N0")} of identities not in the gallery"),
                tpir.Threshold is { } threshold ? Text($"{threshold:F4}") : "");
        if (record.TpirAtFpir.Count == 0) table.Add("TPIR@FPIR", "needs probes of identities not in the gallery", "");
        table.Write(output);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
