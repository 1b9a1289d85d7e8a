using System.Globalization;
using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Data;
using Atl.Face.Identification;
using Atl.Face.Verification;
using Atl.Proto;

namespace Atl.Cli.Commands;

/// <summary>identify: how well features find people in a gallery.</summary>
internal sealed class IdentifyCommand : Command
{
    private const string Input = "FEATURES";

    public override string Name => "identify";

    public override string Summary => "measure how well features find people in a gallery (CMC, TPIR@FPIR)";

    public override IReadOnlyList<Argument> Arguments =>
        [new(Input, "the probes' ready features, or without -gallery those of both: .npy, .npz, .csv, HDF5, or the "
            + "folder of an LMDB or LevelDB")];

    public override IReadOnlyList<Flag> Flags =>
    [
        FeatureFlags.Names,
        FeatureFlags.Labels,
        FeatureFlags.Identity with
        {
            Help = "how names tell who it is where no labels are given: by the first folder below the one that all "
                + "share, or as in LFW (NAME_0001); " +
                "auto takes labels behind the names, else folders",
        },
        FeatureFlags.Array,
        new("gallery", FlagKind.Text, "the gallery's features", "FEATURES"),
        new("gallery_names", FlagKind.Text, "the names of the gallery's images, as -names", "FILE"),
        new("gallery_labels", FlagKind.Text, "who is on the gallery's images, as -labels", "FILE"),
        new("gallery_list", FlagKind.Text,
            "the images of FEATURES that are the gallery, a name a line; the others are probes. Without it, "
                + "and without -gallery, the first image of each person", "FILE"),
        new("singles", FlagKind.Text, "where people with one image are put when the gallery is the first image of each",
            "gallery|probes") { Default = "gallery", Choices = ["gallery", "probes"] },
        new("ranks", FlagKind.Text, "the ranks of the table", "a,b,...") { Default = "1,5,10,20,50,100" },
        new("fpir", FlagKind.Text, "the false positive identification rates", "a,b,...") { Default = "0.1,0.01,0.001" },
        new("json", FlagKind.Text, "write everything as JSON (docs/faces.md)", "FILE"),
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
    [
        ("the first image of each person is the gallery; people with one image are unknown",
            "atl identify lfw.npy -names lfw.txt -identity lfw -singles probes"),
        ("a gallery of its own", "atl identify probes.npy -names probes.txt -gallery gallery.npy -gallery_names "
            + "gallery.txt -json found.json"),
    ];

    public override void Run(FlagValues flags)
    {
        bool two = flags.IsGiven("gallery");
        if (two && flags.IsGiven("gallery_list"))
            throw new UsageException("identify takes -gallery FEATURES or -gallery_list FILE, not both");
        if (!two && (flags.IsGiven("gallery_names") || flags.IsGiven("gallery_labels")))
            throw new UsageException("-gallery_names and -gallery_labels go with -gallery FEATURES");
        int[] ranks = Ranks(flags);
        double[] rates = FeatureFlags.Rates(flags, "fpir");
        FeatureInput probes = FeatureFlags.Read(flags.Argument(Input), flags.Text("names"), flags.Text("labels"),
            flags);
        FeatureInput gallery = two ? FeatureFlags.Read(flags.Text("gallery"), flags.Text("gallery_names"),
            flags.Text("gallery_labels"), flags) : probes;
        if (gallery.Features.Columns != probes.Features.Columns)
            throw new AtlException($"{probes.Source.Path}: features of {probes.Features.Columns} values, "
                + $"expected {gallery.Features.Columns} as in {gallery.Source.Path}");
        string[] ofProbes = People(probes), ofGallery = two ? People(gallery) : ofProbes;
        int[] numbers = Identities.Number([.. ofGallery, .. ofProbes]), galleryLabels = numbers[..ofGallery.Length],
            probeLabels = numbers[ofGallery.Length..];
        List<IssueRecord> issues = [];
        (int[] galleryRows, int[] probeRows) = two
            ? ([.. Enumerable.Range(0, ofGallery.Length)], [.. Enumerable.Range(0, ofProbes.Length)])
            : flags.Text("gallery_list") is { Length: > 0 } list ? Listed(list, probes.Names, issues)
                : GallerySplit.FirstOfEach(probeLabels, flags.Text("singles") == "probes");
        IdentificationResult result = IdentificationResult.Compute(
            ImageSet.Of(gallery.Features, galleryRows, galleryLabels),
            ImageSet.Of(probes.Features, probeRows, probeLabels), rates);
        if (result.Known == 0)
            throw new AtlException($"no person of the {probeRows.Length} probes is among the {result.GalleryPeople} "
                + "people of the gallery, expected some to find");
        bool lost = AddIssues(issues, result, gallery, galleryRows, probes, probeRows, two);
        issues.AddRange(two ? [.. gallery.Issues, .. probes.Issues] : probes.Issues);
        IdentificationRecord record = new(
            IdentificationRecord.CurrentVersion,
            new SetSource(gallery.Source, galleryRows.Length, result.GalleryPeople),
            new SetSource(probes.Source, probeRows.Length, probeRows.Select(row => probeLabels[row]).Distinct()
                .Count()),
            result.Known,
            result.Unknown,
            [.. ranks.Select(rank => new CmcPoint(rank, result.Cmc(rank)))],
            [.. result.Tpirs.Select(tpir => new TpirRecord(
                tpir.Far, tpir.Tar, double.IsFinite(tpir.Threshold) ? tpir.Threshold : null,
                tpir.Tar is null ? null : tpir.FarReached, tpir.ImpostorPairs, tpir.NeededPairs))],
            issues);
        if (flags.Text("json") is { Length: > 0 } json) record.Write(json);
        Print(record, Console.Out);
        IssueLines.Write(issues, Console.Error);
        if (lost)
            throw new IncompleteException($"not every image could be taken: "
                + $"{string.Join("; ", issues.Select(issue => $"{issue.Count} {issue.What}"))}");
    }

    private static string[] People(FeatureInput input) => input.Identities ?? Identities.ByFolder(input.Names);

    private static int[] Ranks(FlagValues flags) =>
    [
        .. flags.Parts("ranks").Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture,
            out int rank) && rank > 0
            ? rank
            : throw new UsageException(
                $"flag '-ranks' is '{part}', expected positive numbers with commas between them")),
    ];

    private static (int[] Gallery, int[] Probes) Listed(string list, ImageNames names, List<IssueRecord> issues)
    {
        bool[] chosen = new bool[names.Count];
        List<IssuePlace> absent = [];
        int line = 0;
        foreach (string text in TextLines.Each(list, "names of images, one a line"))
        {
            line++;
            string name = QuotedName.Parse(text.Trim());
            if (name.Length == 0) continue;
            if (Find(name) is { } row) chosen[row] = true;
            else absent.Add(new IssuePlace(line - 1, line, name));
        }
        if (absent.Count > 0)
            issues.Add(new IssueRecord("absent_gallery", "images of the gallery's list have no feature", "image",
                absent.Count, absent));
        int[] gallery = [.. Enumerable.Range(0, chosen.Length).Where(row => chosen[row])];
        return gallery.Length > 0
            ? (gallery, [.. Enumerable.Range(0, chosen.Length).Where(row => !chosen[row])])
            : throw new AtlException(absent is [{ Line: { } at, Name: { } wanted }, ..]
                ? $"{list}: {NameMismatch.Describe(names, absent.Count, wanted, at)}"
                : $"{list}: no names, expected those of images, one a line");

        int? Find(string name)
        {
            try
            {
                return names.Find(name);
            }
            catch (AtlException e)
            {
                throw new AtlException($"{list}:{line}: {e.Message}", e);
            }
        }
    }

    // Whether something could not be taken.
    private static bool AddIssues(
        List<IssueRecord> issues, IdentificationResult result, FeatureInput gallery, int[] galleryRows,
        FeatureInput probes, int[] probeRows, bool two)
    {
        bool absent = issues.Count > 0;
        Add("gallery_left_out", "images of the gallery have a feature that is zero or not finite and are never found",
            gallery,
            result.GalleryLeftOut.Select(place => galleryRows[place]));
        Add("probes_left_out", "probes have a feature that is zero or not finite: known ones count as not found",
            probes,
            result.ProbesLeftOut.Select(place => probeRows[place]));
        Add("repeated_names", "images have the name of an earlier one", probes, probes.Names.Repeated);
        if (two)
        {
            Add("repeated_gallery_names", "images of the gallery have the name of an earlier one", gallery,
                gallery.Names.Repeated);
            HashSet<string> enrolled = gallery.Source.Names is null
                ? [] : [.. Enumerable.Range(0, gallery.Names.Count).Select(row => gallery.Names[row])];
            Add("shared_images", "probes have the name of an image of the gallery", probes,
                probeRows.Where(row => enrolled.Contains(probes.Names[row])));
        }
        return absent || result.GalleryLeftOut.Count + result.ProbesLeftOut.Count > 0;

        void Add(string kind, string what, FeatureInput input, IEnumerable<int> rows)
        {
            IssuePlace[] places = [.. rows.Select(row => new IssuePlace(row, null, input.Names[row]))];
            if (places.Length > 0) issues.Add(new IssueRecord(kind, what, "image", places.Length, places));
        }
    }

    private static void Print(IdentificationRecord record, TextWriter output)
    {
        string gallery = Text($"{record.Gallery.Images:N0} images of {record.Gallery.People:N0} people");
        output.WriteLine($"gallery: {gallery} from {record.Gallery.Features.Path}");
        string known = Text($"{record.Known:N0} of people in the gallery, {record.Unknown:N0} of others");
        output.WriteLine(Text($"probes: {record.Probes.Images:N0} images from {record.Probes.Features.Path}, {known}"));
        output.WriteLine();
        TextTable table = new("measure", ">value", ">threshold");
        foreach (CmcPoint point in record.Cmc)
            table.Add(Text($"rank {point.Rank}"), Text($"{100 * point.Rate:F2} %"), "");
        foreach (TpirRecord tpir in record.TpirAtFpir)
            table.Add(
                Text($"TPIR@FPIR={tpir.Fpir:0.#########}"),
                tpir.Tpir is { } rate ? Text($"{100 * rate:F2} %")
                    : Text($"needs {tpir.NeededProbes:N0} probes of people not in the gallery"),
                tpir.Threshold is { } threshold ? Text($"{threshold:F4}") : "");
        if (record.TpirAtFpir.Count == 0) table.Add("TPIR@FPIR", "needs probes of people not in the gallery", "");
        table.Write(output);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
