using System.Numerics.Tensors;
using Atl.Face.Verification;

namespace Atl.Face.Identification;

/// <summary>
/// Identification 1:N: each probe is compared with the whole gallery by cosine. A person's score is the highest of the
/// person's images. A probe whose person is in the gallery (a known one) has rank 1 + the number of other people whose
/// score is not below the person's own: ties count against. CMC at rank k is the share of known probes with rank k or
/// better. Open set, as in NIST's evaluations: TPIR at a threshold is the share of known probes with rank 1 and a score
/// above it, FPIR the share of unknown probes for whom anybody scores above it. Products are blocked and never held;
/// those that decide are computed anew in double precision.
/// </summary>
public sealed class IdentificationResult
{
    private const int ProbesAtOnce = 256;

    private readonly ImageSet _gallery, _probes;
    private readonly double[] _zero;

    private IdentificationResult(ImageSet gallery, ImageSet probes, IReadOnlyList<double> rates)
    {
        (_gallery, _probes) = (gallery, probes);
        _zero = new double[gallery.Features.Columns];
        GalleryPeople = gallery.Labels.Distinct().Count();
        (int[] usable, int[] galleryLeftOut) = Parted(gallery);
        (int[] usableProbes, int[] probesLeftOut) = Parted(probes);
        (GalleryLeftOut, ProbesLeftOut) = (galleryLeftOut, probesLeftOut);
        // Images of one person stand together, so that a person is counted once.
        usable = [.. usable.OrderBy(place => gallery.Labels[place])];
        var enrolled = new HashSet<int>(gallery.Labels);
        int?[] ranks = new int?[probes.Rows.Count];
        double[] top = new double[probes.Rows.Count];
        double[] own = new double[probes.Rows.Count];
        Array.Fill(top, double.NegativeInfinity);
        Array.Fill(own, double.NegativeInfinity);
        if (usable.Length > 0 && usableProbes.Length > 0)
            Search(usable, usableProbes, ranks, own, top);
        Ranks = ranks;
        Known = probes.Labels.Count(enrolled.Contains);
        var lost = new HashSet<int>(probesLeftOut);
        int[] unknown = [.. Enumerable.Range(0, top.Length).Where(probe => !enrolled.Contains(probes.Labels[probe])
            && !lost.Contains(probe))];
        Unknown = unknown.Length;
        if (Known > 0 && Unknown > 0)
        {
            IEnumerable<double> found = Enumerable.Range(0, top.Length)
                .Where(probe => enrolled.Contains(probes.Labels[probe]))
                .Select(probe => ranks[probe] == 1 ? own[probe] : double.NegativeInfinity);
            Open = new SortedScores(found, unknown.Select(probe => top[probe]));
            Tpirs = [.. rates.Select(Open.TarAt)];
        }
    }

    /// <summary>People in the gallery.</summary>
    public int GalleryPeople { get; }

    /// <summary>Probes whose person is in the gallery, those without a usable feature included.</summary>
    public int Known { get; }

    /// <summary>Probes whose person is not in the gallery and whose feature is usable.</summary>
    public int Unknown { get; }

    /// <summary>The rank of each probe; null where its person is not in the gallery, or one of the two has no usable
    /// feature: then it is never found.</summary>
    public IReadOnlyList<int?> Ranks { get; }

    /// <summary>Known probes' scores at rank 1 (−∞ beyond) as genuine, unknown probes' highest scores as impostor ones;
    /// null where either is missing.</summary>
    public SortedScores? Open { get; }

    /// <summary>TPIR (<see cref="TarAtFar.Tar"/>) at each FPIR asked for; empty without known and unknown
    /// probes.</summary>
    public IReadOnlyList<TarAtFar> Tpirs { get; } = [];

    /// <summary>Places in the gallery whose feature is zero, not finite or absent.</summary>
    public IReadOnlyList<int> GalleryLeftOut { get; }

    /// <summary>Places among the probes whose feature is zero, not finite or absent.</summary>
    public IReadOnlyList<int> ProbesLeftOut { get; }

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
        return new IdentificationResult(gallery, probes, rates);
    }

    /// <summary>The share of known probes whose rank is <paramref name="rank"/> or better.</summary>
    public double Cmc(int rank) => (double)Ranks.Count(found => found <= rank) / Known;

    private static (int[] Usable, int[] LeftOut) Parted(ImageSet set)
    {
        ILookup<bool, int> places = Enumerable.Range(0, set.Rows.Count)
            .ToLookup(place => set.Features.StateOf(set.Rows[place]) == FeatureState.Usable);
        return ([.. places[true]], [.. places[false]]);
    }

    private void Search(int[] usable, int[] usableProbes, int?[] ranks, double[] own, double[] top)
    {
        UnitFeatures gallery = new(_gallery.Features, [.. usable.Select(place => _gallery.Rows[place])]);
        UnitFeatures probes = new(_probes.Features, [.. usableProbes.Select(place => _probes.Rows[place])]);
        int[] labels = [.. usable.Select(place => _gallery.Labels[place])];
        var firstOf = new Dictionary<int, int>();
        for (int column = labels.Length - 1; column >= 0; column--)
            firstOf[labels[column]] = column;
        // Who was last found not to be below a probe's own person.
        int[] lastAbove = new int[usableProbes.Length];
        Array.Fill(lastAbove, -1);
        for (int i = 0; i < usableProbes.Length; i++)
        {
            int probe = usableProbes[i];
            if (!firstOf.TryGetValue(_probes.Labels[probe], out int first))
                continue;
            for (int column = first; column < labels.Length && labels[column] == labels[first]; column++)
                own[probe] = Math.Max(own[probe], Exact(gallery.Rows[column], probes.Rows[i]));
            ranks[probe] = 1;
        }

        double error = gallery.Error;
        ProductTiles.EachProduct(probes, gallery, ProbesAtOnce, (firstProbe, count, firstColumn, columns, products) =>
        {
            for (int i = 0; i < count; i++)
            {
                int probe = usableProbes[firstProbe + i];
                bool known = ranks[probe] is not null;
                int label = _probes.Labels[probe];
                ReadOnlySpan<float> scores = products.Slice(i * columns, columns);
                double floor = known ? Math.Min(own[probe], top[probe]) : top[probe];
                if (TensorPrimitives.Max(scores) < floor - error)
                    continue;
                for (int j = 0; j < scores.Length; j++)
                {
                    double score = scores[j];
                    int column = firstColumn + j, person = labels[column];
                    bool mayBeTop = score > top[probe] - error;
                    bool mayBeAbove = known && score >= own[probe] - error && person != label
                        && (lastAbove[firstProbe + i] < 0 || labels[lastAbove[firstProbe + i]] != person);
                    if (!mayBeTop && !mayBeAbove)
                        continue;
                    if (mayBeTop || score <= own[probe] + error)
                        score = Exact(gallery.Rows[column], probes.Rows[firstProbe + i]);
                    top[probe] = Math.Max(top[probe], mayBeTop ? score : double.NegativeInfinity);
                    if (!mayBeAbove || score < own[probe])
                        continue;
                    ranks[probe]++;
                    lastAbove[firstProbe + i] = column;
                }
            }
        });
    }

    private double Exact(int galleryRow, int probeRow) =>
        CosineScores.Cosine(_gallery.Features[galleryRow], _probes.Features[probeRow], _zero);
}
