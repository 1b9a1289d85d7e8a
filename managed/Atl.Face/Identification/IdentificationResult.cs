using Atl.Face.Verification;

namespace Atl.Face.Identification;

/// <summary>
/// Identification 1:N: each probe is compared with the whole gallery by cosine. A person's score is the highest of the
/// person's images. A probe whose identity is in the gallery (a known one) has rank 1 + the number of other identities
/// whose score is not below the person's own: ties count against. CMC at rank k is the fraction of known probes with
/// rank k or better. Open set, as in NIST's evaluations: TPIR at a threshold is the fraction of known probes with rank
/// 1 and a score above it, FPIR the fraction of unknown probes for whom anybody scores above it. Products are blocked
/// and never held; those that decide are recomputed in double precision.
/// </summary>
internal sealed record IdentificationResult
{
    /// <summary>Identities in the gallery.</summary>
    public required int GalleryPeople { get; init; }

    /// <summary>Probes whose person is in the gallery, those without a usable feature included.</summary>
    public required int Known { get; init; }

    /// <summary>Probes whose person is not in the gallery and whose feature is usable.</summary>
    public required int Unknown { get; init; }

    /// <summary>The rank of each probe; null where its person is not in the gallery, or one of the two has no usable
    /// feature: then it is never found.</summary>
    public required IReadOnlyList<int?> Ranks { get; init; }

    /// <summary>Known probes' scores at rank 1 (−∞ beyond) as genuine, unknown probes' highest scores as impostor ones;
    /// null where either is missing.</summary>
    public SortedScores? Open { get; init; }

    /// <summary>TPIR (<see cref="TarAtFar.Tar"/>) at each FPIR asked for; empty without known and unknown
    /// probes.</summary>
    public IReadOnlyList<TarAtFar> Tpirs { get; init; } = [];

    /// <summary>Places in the gallery whose feature is zero, not finite or absent.</summary>
    public required IReadOnlyList<int> GalleryLeftOut { get; init; }

    /// <summary>Places among the probes whose feature is zero, not finite or absent.</summary>
    public required IReadOnlyList<int> ProbesLeftOut { get; init; }

    /// <summary>Looks for each probe in the gallery.</summary>
    /// <param name="gallery">Who is known, by one image or several.</param>
    /// <param name="probes">Who is looked for.</param>
    /// <param name="rates">The false positive identification rates asked for.</param>
    /// <exception cref="ArgumentException">The features' lengths differ.</exception>
    public static IdentificationResult Compute(ImageSet gallery, ImageSet probes, IReadOnlyList<double> rates)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(probes);
        if (gallery.Features.Columns != probes.Features.Columns)
            throw new ArgumentException($"features of {probes.Features.Columns} values among the probes, of "
                + $"{gallery.Features.Columns} in the gallery");
        GallerySearch search = new(gallery, probes);
        search.Run();
        var enrolled = new HashSet<int>(gallery.Labels);
        bool[] known = [.. probes.Labels.Select(enrolled.Contains)];
        int knownProbes = known.Count(isKnown => isKnown);
        int unknownLeftOut = search.ProbesLeftOut.Count(probe => !known[probe]);
        SortedScores? open = OpenSet(search, known);
        return new IdentificationResult
        {
            GalleryPeople = enrolled.Count,
            Known = knownProbes,
            Unknown = known.Length - knownProbes - unknownLeftOut,
            Ranks = search.Ranks,
            Open = open,
            Tpirs = open is null ? [] : [.. rates.Select(open.TarAt)],
            GalleryLeftOut = search.GalleryLeftOut,
            ProbesLeftOut = search.ProbesLeftOut,
        };
    }

    /// <summary>The fraction of known probes whose rank is <paramref name="rank"/> or better.</summary>
    public double Cmc(int rank) => (double)Ranks.Count(found => found <= rank) / Known;

    private static SortedScores? OpenSet(GallerySearch search, bool[] known)
    {
        var lost = new HashSet<int>(search.ProbesLeftOut);
        int[] probes = [.. Enumerable.Range(0, known.Length)];
        double[] genuine = [.. probes.Where(probe => known[probe])
            .Select(probe => search.Ranks[probe] == 1 ? search.Own[probe] : double.NegativeInfinity)];
        double[] impostor = [.. probes.Where(probe => !known[probe] && !lost.Contains(probe))
            .Select(probe => search.Top[probe])];
        return genuine.Length > 0 && impostor.Length > 0 ? new SortedScores(genuine, impostor) : null;
    }
}
