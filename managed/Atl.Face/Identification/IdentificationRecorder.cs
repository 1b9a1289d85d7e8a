using Atl.Face.Verification;
using Atl.Proto;

namespace Atl.Face.Identification;

/// <summary>Looks for probes in a gallery and makes the record of it: numbers get names.</summary>
internal sealed class IdentificationRecorder
{
    /// <summary>The features that the gallery is taken from.</summary>
    public required FeatureInput Gallery { get; init; }

    /// <summary>The rows of them that are the gallery.</summary>
    public required IReadOnlyList<int> GalleryRows { get; init; }

    /// <summary>The features that the probes are taken from; they may be those of the gallery.</summary>
    public required FeatureInput Probes { get; init; }

    /// <summary>The rows of them that are probes.</summary>
    public required IReadOnlyList<int> ProbeRows { get; init; }

    /// <summary>Looks for the probes.</summary>
    /// <param name="ranks">The ranks of the cumulative match characteristic.</param>
    /// <param name="rates">The false positive identification rates asked for.</param>
    /// <exception cref="AtlException">Features of the two have different lengths, or nobody can be found.</exception>
    public IdentificationRecord Record(IReadOnlyList<int> ranks, IReadOnlyList<double> rates)
    {
        if (Gallery.Features.Columns != Probes.Features.Columns)
            throw new AtlException($"{Probes.Source.Path}: features of {Probes.Features.Columns} values, "
                + $"expected {Gallery.Features.Columns} as in {Gallery.Source.Path}");
        IReadOnlyList<string> ofGallery = Gallery.People();
        int[] numbers = Identities.Number([.. ofGallery, .. Probes.People()]),
            galleryLabels = numbers[..ofGallery.Count], probeLabels = numbers[ofGallery.Count..];
        IdentificationResult result = IdentificationResult.Compute(
            ImageSet.Of(Gallery.Features, GalleryRows, galleryLabels),
            ImageSet.Of(Probes.Features, ProbeRows, probeLabels), rates);
        if (result.Known == 0)
            throw new AtlException($"no identity of {Amount.Of(ProbeRows.Count, "probe")} is in the gallery of "
                + $"{Amount.Of(result.GalleryPeople, "identity")}, expected at least one");
        int probePeople = ProbeRows.Select(row => probeLabels[row]).Distinct().Count();
        return new IdentificationRecord(
            IdentificationRecord.CurrentVersion,
            new SetSource(Gallery.Source, GalleryRows.Count, result.GalleryPeople),
            new SetSource(Probes.Source, ProbeRows.Count, probePeople),
            result.Known,
            result.Unknown,
            [.. ranks.Select(rank => new CmcPoint(rank, result.Cmc(rank)))],
            [.. result.Tpirs.Select(TpirRecord.Of)],
            IssuesOf(result));
    }

    private List<IssueRecord> IssuesOf(IdentificationResult result)
    {
        List<IssueRecord> issues = [];
        Add("gallery_left_out", "images of the gallery have a feature that is zero or not finite and are never found",
            Gallery, result.GalleryLeftOut.Select(place => GalleryRows[place]));
        Add("probes_left_out", "probes have a feature that is zero or not finite: known ones count as not found",
            Probes, result.ProbesLeftOut.Select(place => ProbeRows[place]));
        Add("repeated_names", "images have the name of an earlier one", Probes, Probes.Names.Repeated);
        if (ReferenceEquals(Gallery, Probes)) return [.. issues, .. Probes.Issues];
        Add("repeated_gallery_names", "images of the gallery have the name of an earlier one", Gallery,
            Gallery.Names.Repeated);
        HashSet<string> enrolled = Gallery.Source.Names is null
            ? [] : [.. Enumerable.Range(0, Gallery.Names.Count).Select(row => Gallery.Names[row])];
        Add("shared_images", "probes have the name of an image of the gallery", Probes,
            ProbeRows.Where(row => enrolled.Contains(Probes.Names[row])));
        return [.. issues, .. Gallery.Issues, .. Probes.Issues];

        void Add(string kind, string what, FeatureInput input, IEnumerable<int> rows)
        {
            IssuePlace[] places = [.. rows.Select(row => new IssuePlace(row, null, input.Names[row]))];
            if (places.Length > 0) issues.Add(new IssueRecord(kind, what, "image", places.Length, places));
        }
    }
}
